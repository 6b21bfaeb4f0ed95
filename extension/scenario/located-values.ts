// Text that was read into values, each with its place, so that a mistake found later is said where it was made.
import { fitting, type InputProblem, type Misspelling } from '../model/problem.js';
import { LineTable, type LineNumber, type Offset } from '../model/source.js';
import { meantBy, quoted, type Misspelt } from './vocabulary-words.js';

export type Located = LocatedScalar | LocatedList | LocatedMap;

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly at: Offset;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly Located[];
  readonly at: Offset;
}

/** A key may be there twice: whoever read the text has said so. The first counts. */
export interface LocatedMap {
  readonly kind: 'map';
  readonly entries: readonly LocatedEntry[];
  readonly at: Offset;
}

export interface LocatedEntry {
  readonly key: string;
  /** Where the key is. */
  readonly at: Offset;
  readonly value: Located;
}

/** Problems of one text, in the order of their places. */
export class Complaints {
  private readonly lines: LineTable;
  private readonly found = new Map<string, InputProblem>();

  /** `where` names the text to people, as in `InputProblem`. */
  constructor(
    private readonly where: string,
    private readonly text: string,
  ) {
    this.lines = new LineTable(text);
  }

  /** A mistake at a place; said twice it counts once. `misspelt` is the word there, where nothing else is wrong. */
  add(at: Offset, message: string, misspelt?: Misspelt): void {
    const line = this.line(at);
    const column = this.lines.column(at) + 1;
    const misspelling = misspelt === undefined ? null : this.misspelling(at, misspelt);
    this.found.set(`${line}:${column}:${message}`, {
      where: this.where,
      line,
      column,
      message: fitting(message),
      severity: 'error',
      ...(misspelling === null ? {} : { misspelling }),
    });
  }

  /** null where nothing near is known, or where the word is not in the text as it reads, as with an escape in quotes. */
  private misspelling(at: Offset, misspelt: Misspelt): Misspelling | null {
    const { word } = misspelt;
    const meant = meantBy(misspelt);
    const quotes = /^["']/.test(this.text.slice(at, at + 1)) ? 1 : 0;
    if (word === '' || meant.length === 0 || !this.text.startsWith(word, at + quotes)) return null;
    return { word, column: this.lines.column(at) + quotes + 1, meant };
  }

  line(at: Offset): LineNumber {
    return this.lines.lineNumber(at);
  }

  get none(): boolean {
    return this.found.size === 0;
  }

  get problems(): readonly InputProblem[] {
    return [...this.found.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  }
}

/** The entry of a key, or undefined where the map has none. */
export function entryOf(map: LocatedMap, key: string): LocatedEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The value without its places, as `JSON.parse` would give it; keys in their order. */
export function plainValue(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  const first = node.entries.filter((entry) => entryOf(node, entry.key) === entry);
  return Object.fromEntries(first.map(({ key, value }) => [key, plainValue(value)]));
}

/** Where the value at a path of keys and indexes is, or the innermost one on the way that is there. */
export function placeOf(node: Located, path: readonly PropertyKey[]): Offset {
  const [step, ...rest] = path;
  if (node.kind === 'map' && typeof step === 'string') {
    const entry = entryOf(node, step);
    if (entry !== undefined) return rest.length === 0 ? entry.at : placeOf(entry.value, rest);
  }
  if (node.kind === 'list' && typeof step === 'number') {
    const item = node.items[step];
    if (item !== undefined) return placeOf(item, rest);
  }
  return node.at;
}

/** What was found, for messages: `the number 3`, `"abc"`, `a list`. */
export function describe(node: Located): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a map';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? quoted(node.value) : `the ${typeof node.value} ${node.value}`;
}
