// What the names of a program mean, each as a hash of all that it leads to: declarations, the names in them, and so on.
import { createHash } from 'node:crypto';
import type { Span } from '../model/source.js';
import { memberNames } from '../program/member-names.js';
import type { Program } from '../program/program.js';

/** A name as it is looked up from a file; from an empty one where it means the same in that file as outside of all. */
interface Name {
  readonly key: string;
  readonly name: string;
  readonly file: string;
}

/** A meaning of a name in a file, on the way to the digest of all that it leads to. */
interface Meaning {
  readonly key: string;
  readonly own: string;
  readonly names: readonly Name[];
  /** Of Tarjan's algorithm: when it was met, and the first that it leads back to. */
  readonly met: number;
  low: number;
  /** Of all that it leads to, which is the same for all that lead to each other; null while that is not known. */
  digest: string | null;
}

/** Serves every program with the same `declarations`. */
export class Meanings {
  private readonly names = new Map<string, Name>();
  private readonly meanings = new Map<string, Meaning>();
  private readonly open: Meaning[] = [];
  private readonly members: ReadonlySet<string>;
  /** By name, what a caller sees of functions: their bodies count where they are entered. */
  private readonly defined: ReadonlyMap<string, readonly unknown[]>;

  constructor(private readonly program: Program) {
    this.members = memberNames(program);
    this.defined = definedIn(program);
  }

  /** Of a name as it is looked up from a file. */
  digest(name: string, file: string): string {
    return this.meaning(this.nameIn(name, file)).digest ?? '';
  }

  /** What is static in a file, and what shadows it there, is the only thing that a file knows otherwise than others. */
  private nameIn(name: string, file: string): Name {
    const key = `${file} ${name}`;
    let known = this.names.get(key);
    if (known === undefined) {
      const isItsOwn = file !== '' && this.isItsOwn(name, file);
      known = isItsOwn || file === '' ? { key, name, file } : this.nameIn(name, '');
      this.names.set(key, known);
    }
    return known;
  }

  private isItsOwn(name: string, file: string): boolean {
    const { program } = this;
    if (program.global(name, file) !== program.global(name, '')) return true;
    const [own, common] = [program.returns(name, file), program.returns(name, '')];
    // A prototype and the definition are told alike by different types.
    return own !== common && spelt(own, null).text !== spelt(common, null).text;
  }

  /** Names lead to each other in circles: Tarjan, Depth-first search and linear graph algorithms, SIAM J. Comput. 1972. */
  private meaning(wanted: Name): Meaning {
    const { key } = wanted;
    const known = this.meanings.get(key);
    if (known !== undefined) return known;
    const { own, names } = this.meant(wanted);
    const met = this.meanings.size;
    const meaning: Meaning = { key, own, names, met, low: met, digest: null };
    this.meanings.set(key, meaning);
    const first = this.open.push(meaning) - 1;
    for (const name of names) {
      const other = this.meaning(name);
      if (other.digest === null) meaning.low = Math.min(meaning.low, other.low);
    }
    if (meaning.low === met) this.close(this.open.splice(first));
    return meaning;
  }

  /** All of them lead to each other, and to others that are known. */
  private close(circle: readonly Meaning[]): void {
    const inside = new Set(circle.map(({ key }) => key));
    const others = new Set<string>();
    for (const { names } of circle)
      for (const { key } of names) {
        const digest = inside.has(key) ? null : this.meanings.get(key)?.digest;
        if (typeof digest === 'string') others.add(digest);
      }
    const own = circle.map((each) => `${each.key} ${each.own}`).sort();
    const digest = hashed('base64', ...own, ...[...others].sort());
    for (const each of circle) each.digest = digest;
  }

  /** What a name means by itself, wherever that stands. */
  private meant({ name, file }: Name): { readonly own: string; readonly names: readonly Name[] } {
    const { program } = this;
    const variable = program.global(name, file);
    const parts = [
      program.record(name),
      program.typedef(name),
      program.enumeration(name),
      program.macro(name),
      program.constant(name),
      program.returns(name, file),
      variable,
      this.defined.get(name),
      this.members.has(name),
    ];
    const { text, names } = spelt(parts, null);
    names.delete(name);
    const home = variable?.file ?? file;
    return { own: hashed('base64', text), names: [...names].map((each) => this.nameIn(each, home)) };
  }
}

export function hashed(as: 'hex' | 'base64', ...texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest(as);
}

function definedIn({ units }: Program): ReadonlyMap<string, readonly unknown[]> {
  const defined = new Map<string, unknown[]>();
  for (const { file, declarations } of units)
    for (const declaration of declarations) {
      if (declaration.kind !== 'function') continue;
      const { name, returns, parameters, variadic, storage, attributes } = declaration;
      const seen = { file, returns, parameters, variadic, storage, attributes };
      const others = defined.get(name);
      if (others) others.push(seen);
      else defined.set(name, [seen]);
    }
  return defined;
}

/**
 * A value as text, with places within `extent` counted from where that begins, and without others: a type may have come from another file.
 * All identifiers in its strings are names in it.
 */
export function spelt(value: unknown, extent: Span | null): { readonly text: string; readonly names: Set<string> } {
  const names = new Set<string>();
  const spell = (part: unknown): string => {
    if (typeof part === 'string') {
      for (const name of identifiersIn(part)) names.add(name);
      // As long as it says, so that no text looks like what is around it.
      return `"${part.length}:${part}`;
    }
    if (typeof part === 'bigint') return `${part}n`;
    if (typeof part !== 'object' || part === null) return String(part);
    if (Array.isArray(part)) return `[${part.map(spell).join()}]`;
    if (part instanceof Map || part instanceof Set) return `(${[...(part as Iterable<unknown>)].map(spell).join()})`;
    if (isSpan(part)) {
      const inside = extent !== null && part.start >= extent.start && part.end <= extent.end;
      return inside ? `${part.start - extent.start}-${part.end - extent.start}` : '-';
    }
    let text = '{';
    for (const [key, each] of Object.entries(part)) text += `${key}:${spell(each)},`;
    return `${text}}`;
  };
  return { text: spell(value), names };
}

const known = new Map<string, readonly string[]>();

function identifiersIn(text: string): readonly string[] {
  let names = known.get(text);
  if (names === undefined) {
    names = text.match(/[A-Za-z_]\w*/g) ?? [];
    if (text.length < 64) known.set(text, names);
  }
  return names;
}

function isSpan(part: object): part is Span {
  return 'start' in part && typeof part.start === 'number' && 'end' in part;
}
