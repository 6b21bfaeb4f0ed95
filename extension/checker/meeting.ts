// Where paths meet: what a state forgets on entry to a block, and how states that agree on references become one.
import { any, type IntegerSet } from '../kernel/contract.js';
import { isSubset, union } from './integer-set.js';
import type { Liveness } from '../program/liveness.js';
import type { AbstractInterpreter } from './abstract-interpreter.js';
import { joinFacts, type PathState } from './path-state.js';
import type { LocationId, ValueId } from './symbolic-values.js';

export class Meeting {
  constructor(
    private readonly interpreter: AbstractInterpreter,
    private readonly liveness: Liveness,
  ) {}

  /** Drops what no later code can read. */
  project(id: number, state: PathState): void {
    const { values } = this.interpreter;
    const live = this.liveness.live[id];
    const names = this.liveness.names[id];
    if (live === undefined || names === undefined) return;
    for (const at of [...state.store.keys()]) {
      const root = values.root(at);
      if (root.kind === 'variable') {
        if (!live.has(root.variable)) state.store.delete(at);
      } else if (!(root.kind === 'target' && state.privateObjects.has(root.pointer))) {
        const name = values.lastName(at);
        if (name !== undefined && !names.has(name)) state.store.delete(at);
      }
    }
    for (const variable of [...state.errno.keys()]) if (!live.has(variable)) state.errno.delete(variable);
    this.collect(state, names);
  }

  /** One state for two: what holds in both. With `widen`, a set that still grows becomes any. */
  join(id: number, a: PathState, b: PathState, widen: boolean): PathState {
    const { values } = this.interpreter;
    const result = a.trace.length <= b.trace.length ? a.clone() : b.clone();
    result.facts = joinFacts(a.facts, b.facts);
    const store = new Map<LocationId, ValueId>();
    const sets = new Map<ValueId, IntegerSet>();
    const joinAt = (at: LocationId, what: ValueId, other: ValueId): void => {
      const symbol = values.symbol(`join ${id} ${at}`, { kind: 'other' });
      const set = union(a.setOf(values, what), b.setOf(values, other));
      const growing = widen && !isSubset(set, a.setOf(values, what));
      sets.set(symbol, growing ? any : set);
      store.set(at, symbol);
    };
    for (const at of new Set([...a.store.keys(), ...b.store.keys(), ...this.knownLoads(a), ...this.knownLoads(b)])) {
      const what = this.interpreter.read(a, at);
      const other = this.interpreter.read(b, at);
      if (other === what) store.set(at, what);
      else joinAt(at, what, other);
    }
    // a name that got a new meaning must not stand for the old one elsewhere
    for (const [at, what] of [...store]) {
      if (!sets.has(what) && [...sets.keys()].some((symbol) => values.mentions(what, symbol))) joinAt(at, what, what);
    }
    for (const known of [...result.facts.keys()]) {
      if ([...sets.keys()].some((symbol) => values.mentions(known, symbol))) result.facts.delete(known);
    }
    for (const [symbol, set] of sets) if (set !== any) result.facts.set(symbol, set);
    result.store = store;
    result.released = new Map([...a.released].filter(([key]) => b.released.has(key)));
    result.errno = new Map(
      [...a.errno].filter(([variable, note]) => {
        const other = b.errno.get(variable);
        return other?.assigned.start === note.assigned.start && other.phase === note.phase;
      }),
    );
    result.observations = a.observations.filter((one) => b.observations.some((other) => other.count === one.count));
    result.reported = new Set([...a.reported, ...b.reported]);
    const joined = `join ${id}`;
    if (a.epoch !== b.epoch) {
      this.interpreter.forgetLoads(result, (epoch) => epoch === joined);
      result.epoch = joined;
    }
    const epochs = new Map<string, string>();
    for (const root of new Set([...a.epochs.keys(), ...b.epochs.keys()])) {
      const left = a.epochs.get(root);
      const same = left !== undefined && left === b.epochs.get(root);
      if (!same) this.interpreter.forgetLoads(result, (epoch, location) => epoch === joined && this.interpreter.rootKey(location) === root);
      epochs.set(root, same ? left : joined);
    }
    result.epochs = epochs;
    return result;
  }

  /** Values that memory, references and what is awaited name, with what they are made of. */
  private namedIn(state: PathState): ReadonlySet<ValueId> {
    const { values } = this.interpreter;
    const named = new Set<ValueId>();
    const mark = (id: ValueId): void => {
      if (named.has(id)) return;
      named.add(id);
      const node = values.node(id);
      if (node.kind === 'compare') {
        mark(node.left);
        mark(node.right);
      } else if (node.kind === 'operation') node.operands.forEach(mark);
      else if (node.kind === 'address') markLocation(node.location);
      else if (node.kind === 'symbol' && node.origin.kind === 'load') markLocation(node.origin.location);
    };
    const markLocation = (at: LocationId): void => {
      const root = values.root(at);
      if (root.kind === 'target') mark(root.pointer);
    };
    for (const [at, what] of state.store) {
      markLocation(at);
      mark(what);
    }
    for (const token of state.tokens) mark(token.value);
    for (const value of state.untested.keys()) mark(value);
    for (const { count } of state.observations) mark(count);
    for (const note of state.errno.values()) if (note.call !== null) mark(note.call.result);
    return named;
  }

  /** Drops facts about values that nothing can name any more. */
  private collect(state: PathState, names: ReadonlySet<string>): void {
    const { values } = this.interpreter;
    const named = this.namedIn(state);
    const readable = (id: ValueId): boolean => {
      if (named.has(id)) return true;
      const node = values.node(id);
      switch (node.kind) {
        case 'constant':
          return true;
        case 'symbol': {
          if (node.origin.kind === 'parameter') return true;
          if (node.origin.kind !== 'load') return false;
          const root = values.root(node.origin.location);
          const name = values.lastName(node.origin.location);
          if (root.kind === 'target' && !readable(root.pointer)) return false;
          return name === undefined || names.has(name);
        }
        case 'address':
          return true;
        case 'compare':
          return readable(node.left) && readable(node.right);
        case 'operation':
          return node.operands.every(readable);
      }
    };
    for (const [id, set] of [...state.facts]) {
      const node = values.node(id);
      const boundToParameter = node.kind === 'symbol' && node.origin.kind === 'parameter';
      if (boundToParameter) continue;
      if (!readable(id) || set === any) state.facts.delete(id);
    }
    for (const [key, release] of [...state.released]) {
      const gone = values.isElementLoad(release.value) ? !named.has(release.value) : !readable(release.value);
      if (gone) state.released.delete(key);
    }
    for (const value of [...state.dying]) if (!readable(value)) state.dying.delete(value);
    state.observations = state.observations.filter(
      (one) => state.tokens.some((token) => token.value === one.object) || readable(one.object),
    );
    for (const value of [...state.privateObjects]) if (!readable(value)) state.privateObjects.delete(value);
  }

  /** Memory that was only read, and of which something is known. */
  private knownLoads(state: PathState): readonly LocationId[] {
    const { values } = this.interpreter;
    const result: LocationId[] = [];
    for (const id of state.facts.keys()) {
      const node = values.node(id);
      if (node.kind !== 'symbol' || node.origin.kind !== 'load') continue;
      if (this.interpreter.read(state, node.origin.location) === id) result.push(node.origin.location);
    }
    return result;
  }
}
