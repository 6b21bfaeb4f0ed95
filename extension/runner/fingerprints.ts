// What running a function depends on besides the bodies of those that it calls, as a hash: its graph and text, and all that the names
// in them mean. Two functions with the same fingerprint do the same where what they enter does.
import type { FunctionGraph } from '../program/graph.js';
import type { Program } from '../program/program.js';
import { Meanings, hashed, spelt } from './meanings.js';

/** Programs whose declarations are remembered. */
const remembered = 4;

/** What is known of names and functions for as long as nothing is declared otherwise: an edit of a function's body leaves it as it is. */
interface Known {
  readonly declarations: string;
  readonly meanings: Meanings;
  /** A graph that another program has too was made of the same text. */
  readonly fingerprints: WeakMap<FunctionGraph, string>;
}

/** Answers for functions of any number of programs of one loader. */
export class Fingerprints {
  /** The one used last comes first. */
  private known: readonly Known[] = [];

  /** Of a function of the program: 32 hexadecimal digits. */
  of(graph: FunctionGraph, program: Program): string {
    const { meanings, fingerprints } = this.knownOf(program);
    const known = fingerprints.get(graph);
    if (known !== undefined) return known;
    const { file, span } = graph;
    const { text, names } = spelt(graph, span);
    const source = program.units.find((unit) => unit.file === file)?.text.slice(span.start, span.end) ?? '';
    const digests = [...names].sort().map((name) => meanings.digest(name, file));
    const made = hashed('hex', text, source, ...digests).slice(0, 32);
    fingerprints.set(graph, made);
    return made;
  }

  private knownOf(program: Program): Known {
    const { declarations } = program;
    const [first] = this.known;
    if (first?.declarations === declarations) return first;
    const found = this.known.find((each) => each.declarations === declarations);
    const used = found ?? { declarations, meanings: new Meanings(program), fingerprints: new WeakMap<FunctionGraph, string>() };
    this.known = [used, ...this.known.filter((each) => each !== used)].slice(0, remembered);
    return used;
  }
}
