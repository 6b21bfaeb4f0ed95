// What a run rests on: the functions that it entered, and all that these depend on. A run on another tree where that is the same comes
// to the same, however much else is different there.
import { createHash } from 'node:crypto';
import { LineTable } from '../model/source.js';
import type { Fingerprints } from './fingerprints.js';
import type { FunctionGraph } from '../program/graph.js';
import type { Program } from '../program/program.js';

export interface RestsOn {
  /** `file name` of the functions that were entered, those of the model too; sorted. */
  readonly functions: readonly string[];
  /** Of what these functions are, in hexadecimal digits. */
  readonly digest: string;
  /** Where each of them begins: its 1-based line, and its offset in UTF-16 units. */
  readonly places: readonly (readonly [line: number, start: number])[];
}

/** Answers for the functions of one program. */
export class Footing {
  private readonly lines = new Map<string, LineTable>();
  private readonly states = new Map<string, { readonly fingerprint: string; readonly place: RestsOn['places'][number] } | null>();

  /** `fingerprints` may have been asked for those of other programs before. */
  constructor(
    private readonly program: Program,
    private readonly fingerprints: Fingerprints,
  ) {}

  /** Of a run that entered these. What sets a variable is part of who names it. */
  of(entered: readonly FunctionGraph[]): RestsOn | undefined {
    const { program } = this;
    const functions = entered
      .filter(({ file, name }) => program.functionsNamed(name).some((graph) => graph.file === file))
      .map(({ file, name }) => `${file} ${name}`);
    return this.stateOf([...new Set(functions)].sort());
  }

  /** Of the functions with these names; undefined where the program lacks one. */
  stateOf(functions: readonly string[]): RestsOn | undefined {
    const hash = createHash('sha256');
    const places: RestsOn['places'][number][] = [];
    for (const key of functions) {
      const state = this.state(key);
      if (state === null) return undefined;
      hash.update(`${key} ${state.fingerprint}\n`);
      places.push(state.place);
    }
    return { functions, digest: hash.digest('hex').slice(0, 32), places };
  }

  private state(key: string): (ReturnType<typeof this.states.get> & object) | null {
    const known = this.states.get(key);
    if (known !== undefined) return known;
    const blank = key.lastIndexOf(' ');
    const [file, name] = [key.slice(0, blank), key.slice(blank + 1)];
    const graphs = this.program.functionsNamed(name).filter((graph) => graph.file === file);
    const [first] = graphs;
    const start = first?.span.start ?? 0;
    const state =
      first === undefined
        ? null
        : {
            fingerprint: graphs.map((graph) => this.fingerprints.of(graph, this.program)).join(),
            place: [this.linesOf(file).lineNumber(start), start] as const,
          };
    this.states.set(key, state);
    return state;
  }

  private linesOf(file: string): LineTable {
    let lines = this.lines.get(file);
    if (lines === undefined) {
      lines = new LineTable(this.program.units.find((unit) => unit.file === file)?.text ?? '');
      this.lines.set(file, lines);
    }
    return lines;
  }
}

/**
 * A result with its places as they are where the functions begin at `now`, and not where they did when it was made. Lines and offsets of
 * one function move together, as its text is the same.
 */
export function moved<T>(result: T, { functions, places }: RestsOn, now: RestsOn['places']): T {
  const by = new Map<string, readonly [lines: number, offset: number]>();
  for (const [at, key] of functions.entries()) {
    const [from, to] = [places[at], now[at]];
    if (from && to && (from[0] !== to[0] || from[1] !== to[1])) by.set(key, [to[0] - from[0], to[1] - from[1]]);
  }
  return by.size === 0 ? result : (movedPart(result, by) as T);
}

function movedPart(part: unknown, by: ReadonlyMap<string, readonly [lines: number, offset: number]>): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map((each) => movedPart(each, by));
  const fields = part as Record<string, unknown>;
  const moving = isPlace(fields) ? by.get(`${fields.file} ${fields.function}`) : undefined;
  if (moving !== undefined && isPlace(fields)) {
    const [lines, offset] = moving;
    return { ...fields, line: fields.line + lines, span: { start: fields.span.start + offset, end: fields.span.end + offset } };
  }
  const made: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) made[name] = movedPart(value, by);
  const { at, lastLine } = fields;
  const last = isPlace(at) ? by.get(`${at.file} ${at.function}`) : undefined;
  if (typeof lastLine === 'number' && last !== undefined) made.lastLine = lastLine + last[0];
  return made;
}

interface Place {
  readonly file: string;
  readonly function: string;
  readonly line: number;
  readonly span: { readonly start: number; readonly end: number };
}

/** A CodePlace. */
function isPlace(part: unknown): part is Place & Record<string, unknown> {
  if (typeof part !== 'object' || part === null) return false;
  const { file, function: name, line, span } = part as Partial<Place>;
  return typeof file === 'string' && typeof name === 'string' && typeof line === 'number' && typeof span === 'object';
}
