// The memory of one path: expressions are evaluated over it, writes change it, calls make parts of it unknown.
import type { Subject } from '../kernel/contract.js';
import type { Span } from '../model/source.js';
import type { FunctionGraph, PlaceExpression, PureExpression } from '../program/graph.js';
import { negated, type Comparison } from './integer-set.js';
import type { PathState } from './path-state.js';
import type { Surroundings } from './surroundings.js';
import { SymbolicValues, type LocationId, type Origin, type ValueId } from './symbolic-values.js';

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

/** What lies above sees to what a stored or dereferenced pointer means for references. */
export abstract class AbstractMemory {
  readonly values = new SymbolicValues();

  /** What this function writes through its parameters. */
  readonly written = new Map<string, Subject>();

  /** Sites of declarations without an initialiser: memory read under their epoch is indeterminate. */
  protected readonly declared = new Set<string>();

  constructor(
    readonly graph: FunctionGraph,
    protected readonly around: Surroundings,
  ) {}

  /** A pointer was stored at a location. */
  protected abstract stored(state: PathState, at: LocationId, value: ValueId): void;

  /** A pointer is read or written through. */
  protected abstract dereference(state: PathState, pointer: ValueId, span: Span, expression: PureExpression | null): void;

  /** The pointer to a reference went out of sight. */
  protected abstract doubt(state: PathState, value: ValueId): void;

  evaluate(state: PathState, expression: PureExpression): ValueId {
    const { values } = this;
    switch (expression.kind) {
      case 'constant':
        return values.constant(Number(expression.value));
      case 'string':
        return values.operation('nonzero', [values.symbol(`string ${expression.text}`, { kind: 'other' })]);
      case 'function':
        return values.operation('nonzero', [values.symbol(`function ${expression.name}`, { kind: 'other' })]);
      case 'variable':
      case 'global':
      case 'field':
      case 'index':
      case 'deref': {
        const at = this.locate(state, expression, true);
        if (expression.kind === 'variable' && this.graph.variables[expression.variable]?.type.kind === 'array') return values.address(at);
        return this.read(state, at);
      }
      case 'address':
        return values.address(this.locate(state, expression.place, false));
      case 'unary': {
        const operand = this.evaluate(state, expression.operand);
        if (expression.operator === '+') return operand;
        if (expression.operator === '!') return this.negate(operand);
        const folded = state.constantOf(values, operand);
        if (folded !== undefined) return values.constant(expression.operator === '-' ? -folded : -folded - 1);
        return values.operation(expression.operator, [operand]);
      }
      case 'binary': {
        const left = this.evaluate(state, expression.left);
        const right = this.evaluate(state, expression.right);
        if (comparisons.has(expression.operator)) return this.compare(state, expression.operator as Comparison, left, right);
        const folded = state.constantOf(values, values.operation(expression.operator, [left, right]));
        return folded === undefined ? values.operation(expression.operator, [left, right]) : values.constant(folded);
      }
      case 'cast':
        return this.evaluate(state, expression.operand);
      case 'sizeof':
        return expression.value !== null
          ? values.constant(Number(expression.value))
          : values.operation('nonzero', [values.symbol(`sizeof ${expression.text}`, { kind: 'other' })]);
      case 'container-of': {
        const pointer = this.evaluate(state, expression.pointer);
        const node = values.node(pointer);
        if (node.kind === 'address') {
          const inner = values.location(node.location);
          if (inner.kind === 'member' && inner.name === expression.member.split('.').pop()) return values.address(inner.base);
        }
        return values.operation('nonzero', [values.operation(`container ${expression.member}`, [pointer])]);
      }
      case 'unknown':
        return values.symbol(`unknown ${expression.text}`, { kind: 'other' });
    }
  }

  protected negate(operand: ValueId): ValueId {
    const node = this.values.node(operand);
    if (node.kind === 'compare') return this.values.compare(negated[node.operator], node.left, node.right);
    if (node.kind === 'constant') return this.values.constant(node.value === 0 ? 1 : 0);
    return this.values.compare('==', operand, this.values.constant(0));
  }

  protected compare(state: PathState, operator: Comparison, left: ValueId, right: ValueId): ValueId {
    const { values } = this;
    const leftNode = values.node(left);
    // (a < b) == 0 and (a < b) != 0
    if (leftNode.kind === 'compare' && state.constantOf(values, right) === 0 && (operator === '==' || operator === '!=')) {
      return operator === '!=' ? left : this.negate(left);
    }
    return values.compare(operator, left, right);
  }

  /** The location that a place names; `reads` where the memory itself is touched, not only its address taken. */
  locate(state: PathState, place: PlaceExpression, reads: boolean): LocationId {
    const { values } = this;
    switch (place.kind) {
      case 'variable':
        return values.variable(place.variable);
      case 'global':
        return values.global(place.name);
      case 'field':
        return values.member(this.locate(state, place.base, reads), place.name);
      case 'index': {
        const base = this.locate(state, place.base, reads);
        return values.element(base, this.evaluate(state, place.index));
      }
      case 'deref': {
        const pointer = this.evaluate(state, place.pointer);
        if (reads) this.dereference(state, pointer, place.span, place.pointer);
        return values.target(pointer);
      }
    }
  }

  read(state: PathState, at: LocationId): ValueId {
    const { values } = this;
    const known = state.store.get(at);
    if (known !== undefined) return known;
    for (let outer = at; ;) {
      const node = values.location(outer);
      if (node.kind !== 'member' && node.kind !== 'element') break;
      outer = node.base;
      const whole = state.store.get(outer);
      if (whole !== undefined && values.node(whole).kind === 'constant') return whole;
      if (whole !== undefined) return values.operation(`part ${at}`, [whole]);
    }
    return values.load(at, this.epochOf(state, at));
  }

  write(state: PathState, at: LocationId, value: ValueId): void {
    const { values } = this;
    this.noteWrite(at);
    for (const inner of [...state.store.keys()]) if (inner !== at && values.isWithin(inner, at)) state.store.delete(inner);
    const node = values.location(at);
    const weak = node.kind === 'element' && state.constantOf(values, node.index) === undefined;
    if (weak) {
      for (const other of [...state.store.keys()]) {
        const otherNode = values.location(other);
        if (otherNode.kind === 'element' && otherNode.base === node.base) state.store.delete(other);
      }
    }
    state.store.set(at, value);
    this.stored(state, at, value);
  }

  /** A callee wrote an argument's pointee, or one field of it. */
  protected clobberSubject(state: PathState, subject: Subject, values: readonly ValueId[], site: string): void {
    const value = subject.root === 'result' ? undefined : values[subject.root];
    const [field] = subject.path;
    if (value === undefined || this.values.node(value).kind === 'constant') return;
    if (field === undefined) {
      this.clobberFrom(state, value, site);
      return;
    }
    const at = this.values.member(this.values.target(value), field);
    const before = state.store.get(at);
    if (before !== undefined) this.doubt(state, before);
    this.write(state, at, this.freshen(state, `${site} ${subject.root} ${field}`, { kind: 'other' }));
  }

  /** A call may have changed whatever others can reach. */
  protected clobberAll(state: PathState, site: string): void {
    for (const at of [...state.store.keys()]) if (!this.isPrivate(state, at)) state.store.delete(at);
    for (const root of [...state.epochs.keys()]) if (root.startsWith('t') || root.startsWith('g')) state.epochs.delete(root);
    this.forgetLoads(state, (node, location) => node === site && !this.isPrivate(state, location));
    state.epoch = site;
  }

  /** Drops what was known of memory read under an epoch that begins anew (a loop came round). */
  forgetLoads(state: PathState, matches: (epoch: string, location: LocationId) => boolean): void {
    const { values } = this;
    const old = new Set<ValueId>();
    const look = (id: ValueId): void => {
      const node = values.node(id);
      if (node.kind === 'symbol' && node.origin.kind === 'load' && matches(node.origin.epoch, node.origin.location)) old.add(id);
      else if (node.kind === 'compare') {
        look(node.left);
        look(node.right);
      } else if (node.kind === 'operation') node.operands.forEach(look);
    };
    for (const id of state.facts.keys()) look(id);
    for (const id of state.store.values()) look(id);
    for (const token of state.tokens) look(token.value);
    for (const release of state.released.values()) look(release.value);
    for (const value of state.untested.keys()) look(value);
    for (const id of old) {
      const node = values.node(id);
      if (node.kind !== 'symbol') continue;
      state.substitute(values, id, values.symbol(`old ${node.key}`, { kind: 'other' }));
    }
  }

  protected clobberFrom(state: PathState, pointer: ValueId, site: string): void {
    const { values } = this;
    const seen = new Set<ValueId>();
    const visit = (value: ValueId): void => {
      if (seen.has(value)) return;
      seen.add(value);
      const node = values.node(value);
      const at = node.kind === 'address' ? node.location : node.kind === 'symbol' ? values.target(value) : null;
      if (at === null) return;
      this.noteWrite(at);
      const root = node.kind === 'address' ? at : values.target(value);
      for (const [inner, what] of [...state.store]) {
        if (!values.isWithin(inner, root)) continue;
        state.store.delete(inner);
        this.doubt(state, what);
        visit(what);
      }
      const key = this.rootKey(at);
      this.forgetLoads(state, (epoch, location) => epoch === site && this.rootKey(location) === key);
      state.epochs.set(key, site);
    };
    visit(pointer);
  }

  /** Gives a name made at one place a new meaning: what it meant before is called by another name from now on. */
  freshen(state: PathState, key: string, origin: Origin): ValueId {
    const { values } = this;
    const symbol = values.symbol(key, origin);
    if (state.mentions(values, symbol)) {
      const older = values.symbol(`${key}'`, origin);
      if (state.mentions(values, older)) state.substitute(values, older, values.symbol(`${key}''`, { kind: 'other' }));
      state.substitute(values, symbol, older);
    }
    return symbol;
  }

  /** Remembers through which parameters memory was written, and which field where it is one of the pointee's own. */
  protected noteWrite(at: LocationId): void {
    const root = this.values.root(at);
    if (root.kind !== 'target') return;
    const pointer = this.values.node(root.pointer);
    if (pointer.kind !== 'symbol' || pointer.origin.kind !== 'parameter') return;
    const node = this.values.location(at);
    const own = node.kind === 'member' && this.values.location(node.base).kind === 'target';
    this.written.set(`${pointer.origin.index} ${own ? node.name : ''}`, { root: pointer.origin.index, path: own ? [node.name] : [] });
  }

  /** Names the variable, global or pointer that a location belongs to. */
  rootKey(at: LocationId): string {
    const root = this.values.root(at);
    if (root.kind === 'variable') return `v${root.variable}`;
    return root.kind === 'global' ? `g${root.name}` : `t${root.pointer}`;
  }

  protected epochOf(state: PathState, at: LocationId): string {
    return state.epochs.get(this.rootKey(at)) ?? (this.isPrivate(state, at) ? '' : state.epoch);
  }

  protected isPrivate(state: PathState, at: LocationId): boolean {
    const root = this.values.root(at);
    if (root.kind === 'variable') return true;
    return root.kind === 'target' && state.privateObjects.has(root.pointer);
  }

  protected isElement(at: LocationId): boolean {
    const node = this.values.location(at);
    if (node.kind === 'element') return true;
    return node.kind === 'member' && this.isElement(node.base);
  }
}
