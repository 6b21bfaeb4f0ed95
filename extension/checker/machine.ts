// Runs single instructions on states: evaluates expressions, reads and writes memory, applies the outcomes of calls.
import {
  any,
  errors,
  nonZero,
  positive,
  zero,
  type Contract,
  type Effect,
  type EffectSite,
  type IntegerSet,
  type Outcome,
  type Subject,
} from '../kernel/contract.js';
import type { Span } from '../model/source.js';
import type { CallArgument, FunctionGraph, Instruction, PlaceExpression, PureExpression, Terminator } from '../program/graph.js';
import type { Fault } from './fault.js';
import { contains, intersect, isEmpty, isSubset, negated, type Comparison } from './integer-set.js';
import { releaseKey, type State, type Token } from './state.js';
import { Values, type LocationId, type Origin, type ValueId, type ValueNode } from './values.js';

export interface Surroundings {
  /** What a call by name means: the summary of the tree's own function, else the kernel's contract. */
  contract(name: string): Contract | undefined;
  /** The source text of a span, white space folded. */
  text(span: Span): string;
  report(fault: Fault): void;
  /** A reference was released by the statement at `span`. */
  released(token: Token, span: Span): void;
  /** A path takes a C `goto` or a `return`. */
  left?(state: State, machine: Machine, terminator: Terminator): void;
  /** A call to something that nothing is known of. */
  assumed(name: string): void;
}

type CallInstruction = Extract<Instruction, { kind: 'call' }>;

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

export class Machine {
  readonly values = new Values();
  /** What this function writes through its parameters. */
  readonly written = new Map<string, Subject>();
  /** Results of failing calls that some path tests. */
  readonly everTested = new Set<ValueId>();
  /** Counts (`tag.field`) whose last drop destroys the object that they are in. */
  readonly destroys = new Set<string>();
  private readonly dyingCounts = new Map<ValueId, string>();
  /** Sites of declarations without an initialiser: memory read under their epoch is indeterminate. */
  private readonly declared = new Set<string>();

  constructor(
    readonly graph: FunctionGraph,
    private readonly around: Surroundings,
  ) {}

  // ---- expressions ----

  evaluate(state: State, expression: PureExpression): ValueId {
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

  private negate(operand: ValueId): ValueId {
    const node = this.values.node(operand);
    if (node.kind === 'compare') return this.values.compare(negated[node.operator], node.left, node.right);
    if (node.kind === 'constant') return this.values.constant(node.value === 0 ? 1 : 0);
    return this.values.compare('==', operand, this.values.constant(0));
  }

  private compare(state: State, operator: Comparison, left: ValueId, right: ValueId): ValueId {
    const { values } = this;
    const leftNode = values.node(left);
    // (a < b) == 0 and (a < b) != 0
    if (leftNode.kind === 'compare' && state.constantOf(values, right) === 0 && (operator === '==' || operator === '!=')) {
      return operator === '!=' ? left : this.negate(left);
    }
    return values.compare(operator, left, right);
  }

  /** The location that a place names; `reads` where the memory itself is touched, not only its address taken. */
  locate(state: State, place: PlaceExpression, reads: boolean): LocationId {
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

  private dereference(state: State, pointer: ValueId, span: Span, expression: PureExpression | null, by: Contract | null = null, index = -1): void {
    const { values } = this;
    const set = state.setOf(values, pointer);
    const subject = expression === null ? '' : this.around.text(expression.span);
    const untested = this.untestedOf(state, pointer);
    if (isSubset(set, zero) || isSubset(set, errors)) {
      const key = `bad ${pointer}`;
      // that a call can answer NULL is no flaw of a caller who knows that it does not here
      if (!state.reported.has(key) && (untested === null || untested.acquires)) {
        state.reported.add(key);
        this.around.report({ kind: 'bad-dereference', what: isSubset(set, zero) ? 'null' : 'error', span, trace: state.trace, subject, untested, passedTo: by?.name ?? null, releases: by?.outcomes.some((outcome) => outcome.effects.some((effect) => effect.kind === 'release' && effect.subject.root === index)) ?? false });
      }
      return;
    }
    this.useReleased(state, pointer, span, subject);
    if (values.node(pointer).kind !== 'constant') {
      const valid = intersect(set, positive);
      if (!isEmpty(valid)) state.facts.set(pointer, valid);
    }
  }

  private useReleased(state: State, pointer: ValueId, span: Span, subject: string): void {
    for (const release of state.released.values()) {
      if (release.value !== pointer || !release.last || state.dying.has(pointer)) continue;
      if (state.tokens.some((token) => token.value === pointer)) continue;
      const key = `use ${pointer}`;
      if (state.reported.has(key)) return;
      state.reported.add(key);
      this.around.report({ kind: 'use-after-release', release, span, trace: state.trace, subject });
      return;
    }
  }

  /** A path looked whether the call that gave this value failed. */
  tested(state: State, value: ValueId): void {
    state.untested.delete(value);
    this.everTested.add(value);
  }

  /** `tag.field` of the count whose address is the first argument of a call. */
  private countName(instruction: CallInstruction): string {
    const argument = instruction.arguments[0];
    if (argument?.kind !== 'value' || argument.value.kind !== 'address' || argument.value.place.kind !== 'field') return '';
    const { place } = argument.value;
    return `${this.tagOf(place.base)}.${place.name}`;
  }

  private tagOf(place: PlaceExpression): string {
    if (place.kind === 'deref' && place.pointer.kind === 'variable') {
      const type = this.graph.variables[place.pointer.variable]?.type;
      return type?.kind === 'pointer' && type.to.kind === 'record' ? (type.to.tag ?? '') : '';
    }
    if (place.kind === 'variable') {
      const type = this.graph.variables[place.variable]?.type;
      return type?.kind === 'record' ? (type.tag ?? '') : '';
    }
    return '';
  }

  /** Whether a value came in through a parameter or memory that others reach. */
  comesFromOutside(value: ValueId): boolean {
    const node = this.values.node(value);
    return node.kind === 'symbol' && (node.origin.kind === 'parameter' || node.origin.kind === 'load');
  }

  untestedOf(state: State, value: ValueId): import('./state.js').Untested | null {
    return state.untested.get(value) ?? null;
  }

  // ---- memory ----

  read(state: State, at: LocationId): ValueId {
    const { values } = this;
    const known = state.store.get(at);
    if (known !== undefined) return known;
    for (let outer = at; ; ) {
      const node = values.location(outer);
      if (node.kind !== 'member' && node.kind !== 'element') break;
      outer = node.base;
      const whole = state.store.get(outer);
      if (whole !== undefined && values.node(whole).kind === 'constant') return whole;
      if (whole !== undefined) return values.operation(`part ${at}`, [whole]);
    }
    return values.load(at, this.epochOf(state, at));
  }

  /** Remembers through which parameters memory was written, and which field where it is one of the pointee's own. */
  private noteWrite(at: LocationId): void {
    const root = this.values.root(at);
    if (root.kind !== 'target') return;
    const pointer = this.values.node(root.pointer);
    if (pointer.kind !== 'symbol' || pointer.origin.kind !== 'parameter') return;
    const node = this.values.location(at);
    const own = node.kind === 'member' && this.values.location(node.base).kind === 'target';
    this.written.set(`${pointer.origin.index} ${own ? node.name : ''}`, { root: pointer.origin.index, path: own ? [node.name] : [] });
  }

  /** A callee wrote an argument's pointee, or one field of it. */
  private clobberSubject(state: State, subject: Subject, values: readonly ValueId[], site: string): void {
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

  /** Where the pointer to a reference went out of sight, what becomes of the reference is not known. */
  private doubt(state: State, value: ValueId): void {
    if (!state.tokens.some((token) => token.value === value && !token.doubtful)) return;
    state.tokens = state.tokens.map((token) => (token.value === value ? { ...token, doubtful: true } : token));
  }

  private rootKey(at: LocationId): string {
    const root = this.values.root(at);
    if (root.kind === 'variable') return `v${root.variable}`;
    return root.kind === 'global' ? `g${root.name}` : `t${root.pointer}`;
  }

  private epochOf(state: State, at: LocationId): string {
    return state.epochs.get(this.rootKey(at)) ?? (this.isPrivate(state, at) ? '' : state.epoch);
  }

  private isPrivate(state: State, at: LocationId): boolean {
    const root = this.values.root(at);
    if (root.kind === 'variable') return true;
    return root.kind === 'target' && state.privateObjects.has(root.pointer);
  }

  write(state: State, at: LocationId, value: ValueId): void {
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

  /** A pointer was stored: whoever can reach the memory now holds the reference. */
  private stored(state: State, at: LocationId, value: ValueId): void {
    const { values } = this;
    const root = values.root(at);
    const note = state.untested.get(value);
    // which element of an array holds what is not followed
    if (this.isElement(at)) this.doubt(state, value);
    if (root.kind === 'variable') {
      const type = this.graph.variables[root.variable]?.type.kind;
      if (type === 'array') this.hold(state, value, null);
      return;
    }
    if (note !== undefined) state.untested.set(value, { ...note, stored: true });
    const node = this.values.node(value);
    const inside = node.kind === 'address' ? values.root(node.location) : null;
    // an object that points into itself holds nothing
    if (root.kind === 'target' && inside?.kind === 'target' && inside.pointer === root.pointer) return;
    if (root.kind === 'target' && state.privateObjects.has(root.pointer)) this.hold(state, value, root.pointer);
    else this.hold(state, value, null);
  }

  private isElement(at: LocationId): boolean {
    const node = this.values.location(at);
    if (node.kind === 'element') return true;
    return node.kind === 'member' && this.isElement(node.base);
  }

  private hold(state: State, value: ValueId, within: ValueId | null): void {
    const node = this.values.node(value);
    const pointee = node.kind === 'address' ? this.values.root(node.location) : null;
    const object = pointee !== null && pointee.kind === 'target' ? pointee.pointer : value;
    const mine = state.tokens.filter((token) => token.value === object && token.holder === 'local');
    // one place holds one reference; of memory and of files there is only one to move
    const moved = mine.find((token) => token.initial) ?? mine[0];
    if (moved !== undefined) {
      state.tokens = state.tokens.map((token) => {
        if (token !== moved) return token;
        return within === null ? { ...token, holder: 'stored' as const, within: null } : { ...token, within };
      });
    }
    const parameter = this.subjectOf(state, object);
    if (within === null) {
      if (parameter !== null && this.isPointerParameter(parameter)) this.record(state, { kind: 'escape', subject: parameter });
      this.escape(state, object);
    }
  }

  /** Whether a subject is a parameter itself, or the object that it points into, and can be a pointer. */
  private isPointerParameter(subject: Subject): boolean {
    if (subject.root === 'result' || subject.path.some((step) => step !== '@')) return false;
    const kind = this.graph.variables[subject.root]?.type.kind;
    return kind === 'pointer' || kind === 'named' || kind === 'unknown';
  }

  /** Others can reach the object from now on. */
  escape(state: State, object: ValueId): void {
    if (!state.privateObjects.delete(object)) return;
    for (const token of state.tokens) {
      if (token.within === object && token.holder === 'local') {
        state.tokens = state.tokens.map((one) => (one === token ? { ...token, holder: 'stored' } : one));
        this.escape(state, token.value);
      }
    }
  }

  /** Gives a name made at one place a new meaning: what it meant before is called by another name from now on. */
  freshen(state: State, key: string, origin: Origin): ValueId {
    const { values } = this;
    const symbol = values.symbol(key, origin);
    if (state.mentions(values, symbol)) {
      const older = values.symbol(`${key}'`, origin);
      if (state.mentions(values, older)) state.substitute(values, older, values.symbol(`${key}''`, { kind: 'other' }));
      state.substitute(values, symbol, older);
    }
    return symbol;
  }

  private clobberAll(state: State, site: string): void {
    const { values } = this;
    for (const at of [...state.store.keys()]) if (!this.isPrivate(state, at)) state.store.delete(at);
    for (const root of [...state.epochs.keys()]) if (root.startsWith('t') || root.startsWith('g')) state.epochs.delete(root);
    this.forgetLoads(state, (node, location) => node === site && !this.isPrivate(state, location));
    state.epoch = site;
    void values;
  }

  /** Drops what was known of memory read under an epoch that begins anew (a loop came round). */
  private forgetLoads(state: State, matches: (epoch: string, location: LocationId) => boolean): void {
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

  private clobberFrom(state: State, pointer: ValueId, site: string): void {
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

  // ---- instructions ----

  /** Runs one instruction; several states where a call has several outcomes. `site` names the instruction in its graph. */
  run(state: State, instruction: Instruction, site: string): readonly State[] {
    switch (instruction.kind) {
      case 'assign': {
        const value = this.evaluate(state, instruction.value);
        const at = this.locate(state, instruction.target, true);
        this.noteErrno(state, instruction, value);
        const { target } = instruction;
        if (
          instruction.value.kind === 'unary' &&
          target.kind === 'variable' &&
          this.graph.variables[target.variable]?.kind !== 'temporary' &&
          state.errno.has(target.variable)
        ) {
          state.step('assign', instruction.span, this.around.text(instruction.span));
        }
        this.write(state, at, value);
        return [state];
      }
      case 'call':
        return this.call(state, instruction, site);
      case 'declare': {
        const at = this.values.variable(instruction.variable);
        for (const inner of [...state.store.keys()]) if (this.values.isWithin(inner, at)) state.store.delete(inner);
        state.errno.delete(instruction.variable);
        const key = this.rootKey(at);
        this.forgetLoads(state, (epoch, location) => epoch === site && this.rootKey(location) === key);
        state.epochs.set(key, site);
        this.declared.add(site);
        return [state];
      }
      case 'end':
        return [state];
      case 'iterate': {
        const result = state.clone();
        for (const argument of instruction.arguments) if (argument.kind === 'value' && argument.value.kind !== 'unknown') this.evaluate(state, argument.value);
        this.write(state, this.locate(state, instruction.target, true), this.values.constant(0));
        instruction.cursors.forEach((cursor, index) => {
          const element = this.freshen(result, `${site} element ${index}`, { kind: 'call', callee: instruction.macro, span: instruction.span, counts: null });
          result.facts.set(element, positive);
          this.write(result, this.locate(result, cursor, true), element);
        });
        this.write(result, this.locate(result, instruction.target, true), this.values.constant(1));
        return [state, result];
      }
      case 'opaque':
        this.clobberAll(state, site);
        return [state];
    }
  }

  private noteErrno(state: State, instruction: Extract<Instruction, { kind: 'assign' }>, value: ValueId): void {
    const { target } = instruction;
    if (target.kind !== 'variable') return;
    const node = this.values.node(value);
    if (node.kind === 'constant' && node.value < 0 && node.value >= -4095 && instruction.value.kind === 'unary') {
      state.errno.set(target.variable, {
        assigned: instruction.span,
        value: node.value,
        call: null,
        phase: 'armed',
        decidedBy: null,
        checked: false,
        trace: state.trace,
      });
    } else state.errno.delete(target.variable);
  }

  private argument(state: State, argument: CallArgument): ValueId {
    return argument.kind === 'value'
      ? this.evaluate(state, argument.value)
      : this.values.symbol(`type ${argument.text}`, { kind: 'other' });
  }

  private call(state: State, instruction: CallInstruction, site: string): readonly State[] {
    const { callee } = instruction;
    if (callee.kind === 'indirect') this.evaluate(state, callee.pointer);
    const name = callee.kind === 'direct' ? callee.name : callee.text;
    const contract = callee.kind === 'direct' ? this.around.contract(name) : undefined;
    const values = instruction.arguments.map((argument) =>
      // kmalloc_obj(*p) names the type of *p and reads nothing
      contract?.allocates === true && argument.kind === 'value' && argument.value.kind === 'deref'
        ? this.values.symbol(`type of ${this.around.text(argument.value.span)}`, { kind: 'other' })
        : this.argument(state, argument),
    );
    if (contract === undefined) return [this.callUnknown(state, instruction, name, values, site)];
    if (contract.asserts === true) return this.callAssertion(state, instruction, values);
    for (const index of contract.dereferences) {
      const pointer = values[index];
      const argument = instruction.arguments[index];
      if (pointer !== undefined && argument?.kind === 'value') this.dereference(state, pointer, argument.value.span, argument.value, contract, index);
    }
    for (const index of ambiguousArguments(contract)) {
      const value = values[index];
      if (value !== undefined) this.doubt(state, this.holder(value) ?? value);
    }
    const results: State[] = [];
    const many = contract.outcomes.length > 1;
    const cannotFail = contract.allocates === true && this.around.text(instruction.span).includes('__GFP_NOFAIL');
    for (const outcome of contract.outcomes) {
      if (cannotFail && outcome.returns?.kind === 'set' && isSubset(outcome.returns.set, zero)) continue;
      const next = many ? state.clone() : state;
      if (this.applyOutcome(next, instruction, name, contract, outcome, values, site, many)) results.push(next);
    }
    return results;
  }

  private callAssertion(state: State, instruction: CallInstruction, values: readonly ValueId[]): readonly State[] {
    const condition = values[0];
    if (condition !== undefined) {
      const held = state.clone();
      if (held.restrict(this.values, condition, zero)) {
        if (instruction.target !== null) this.write(held, this.locate(held, instruction.target, true), this.values.constant(0));
        return [held];
      }
      // WARN_ON(1) marks a path; any other condition that must fire here says that there is no such path in a correct run
      if (this.values.node(condition).kind !== 'constant') return [];
    }
    if (instruction.target !== null) this.write(state, this.locate(state, instruction.target, true), condition ?? this.values.constant(0));
    return [state];
  }

  private callUnknown(state: State, instruction: CallInstruction, name: string, values: readonly ValueId[], site: string): State {
    this.around.assumed(name);
    for (const value of values) {
      state.tokens = state.tokens.map((token) => (token.value === value ? { ...token, doubtful: true } : token));
      for (const [key, release] of [...state.released]) if (release.value === value) state.released.delete(key);
      this.escape(state, value);
      const parameter = this.subjectOf(state, value);
      if (parameter !== null && this.isPointerParameter(parameter)) this.record(state, { kind: 'escape', subject: parameter, unknown: true });
      this.clobberFrom(state, value, site);
    }
    const result = this.freshen(state, `${site} result`, { kind: 'call', callee: name, span: instruction.span, counts: null });
    if (instruction.target !== null) this.write(state, this.locate(state, instruction.target, true), result);
    return state;
  }

  private applyOutcome(
    state: State,
    instruction: CallInstruction,
    name: string,
    contract: Contract,
    outcome: Outcome,
    values: readonly ValueId[],
    site: string,
    many: boolean,
  ): boolean {
    for (const { subject, set } of outcome.requires) {
      const value = this.subjectValue(state, subject, values, null);
      if (value === null) continue;
      if (!state.restrict(this.values, value, set)) return false;
      if (state.untested.has(value)) this.tested(state, value);
    }
    let result: ValueId | null = null;
    if (outcome.returns?.kind === 'same') {
      result = this.subjectValue(state, outcome.returns.subject, values, null);
      if (result === null) result = this.freshen(state, `${site} result`, { kind: 'call', callee: name, span: instruction.span, counts: null });
    } else if (outcome.returns !== null) {
      result = this.freshen(state, `${site} result`, {
        kind: 'call',
        callee: name,
        span: instruction.span,
        counts: contract.readsCount === true ? this.countName(instruction) : null,
      });
      if (outcome.returns.set !== any) state.facts.set(result, outcome.returns.set);
      if (isEmpty(outcome.returns.set)) return false;
    }
    // the memory as the callee leaves it; what the effects name was read before the call or is the result itself
    const early = outcome.effects.map((effect) => this.subjectValue(state, effect.subject, values, result));
    if (contract.clobbers === 'all') this.clobberAll(state, site);
    if (contract.clobbers !== 'none') {
      values.forEach((value, index) => {
        const argument = instruction.arguments[index];
        if (argument?.kind === 'value' && contract.writes === undefined) this.clobberFrom(state, value, site);
      });
      for (const subject of contract.writes ?? []) this.clobberSubject(state, subject, values, site);
    }
    if (many) this.noteRefusal(state, contract, outcome, values, name);
    const tells = many || outcome.effects.length > 0;
    if (tells) state.step('call', instruction.span, this.outcomeText(name, outcome, contract));
    const first = { dead: 0, 'set-count': 0, acquire: 1, write: 2, transfer: 3, escape: 4, release: 5 } as const;
    const inOrder = [...outcome.effects.entries()].sort((a, b) => first[a[1].kind] - first[b[1].kind]);
    for (const [index, effect] of inOrder) {
      // what is acquired through an out-parameter is there only after the call
      const late = effect.kind === 'acquire' && effect.subject.path.some((step) => step !== '@');
      const value = late ? this.subjectValue(state, effect.subject, values, result) : (early[index] ?? null);
      if (late && value !== null && !state.restrict(this.values, value, positive)) continue;
      if (!this.applyEffect(state, effect, value, values, instruction, name, site)) return false;
    }
    for (const { subject, set } of outcome.ensures ?? []) {
      const value = this.subjectValue(state, subject, values, result);
      if (value !== null && !state.restrict(this.values, value, set)) return false;
    }
    if (contract.readsCount === true && result !== null) this.observe(state, result, values[0]);
    const acquires = contract.outcomes.some((one) => one.effects.some((effect) => effect.kind === 'acquire' && effect.subject.root === 'result'));
    const failure = outcome.returns?.kind === 'set' ? outcome.returns.set : any;
    const handsOut = outcome.effects.some((effect) => effect.kind === 'acquire' && effect.subject.root === 'result');
    if (result !== null && many && !handsOut && isSubset(failure, [[-4095, 0]])) {
      state.untested.set(result, { callee: name, trace: state.trace, stored: false, acquires, allocates: contract.allocates === true || isSubset(failure, errors) });
    }
    const fallible = contract.outcomes.length > 1 || (outcome.returns?.kind === 'set' && contains(outcome.returns.set, 0) && outcome.returns.set.length > 0);
    if (result !== null && fallible) {
      for (const [variable, note] of state.errno) {
        if (note.phase === 'exit') continue;
        const target = instruction.target?.kind === 'variable' ? this.graph.variables[instruction.target.variable] : undefined;
        state.errno.set(variable, { ...note, call: { name, result, pointer: target?.type.kind === 'pointer' } });
      }
    }
    if (instruction.target !== null && result !== null) {
      if (instruction.target.kind === 'variable') state.errno.delete(instruction.target.variable);
      this.write(state, this.locate(state, instruction.target, true), result);
    }
    if (contract.noReturn === true) return false;
    return true;
  }

  /** The call could have taken a reference over and did not: who owns it now is where caller and callee may disagree. */
  private noteRefusal(state: State, contract: Contract, outcome: Outcome, values: readonly ValueId[], name: string): void {
    values.forEach((value, index) => {
      if (consumes(outcome, index)) state.refused.delete(value);
      else if (contract.outcomes.some((one) => consumes(one, index))) state.refused.set(value, { callee: name, trace: state.trace });
    });
  }

  private outcomeText(name: string, outcome: Outcome, contract: Contract): string {
    const inferred = outcome.effects.find((effect) => effect.at !== undefined);
    const what = outcome.effects.map((effect) => describeEffect(effect)).filter((text) => text !== '');
    const returned = outcome.returns === null ? '' : outcome.returns.kind === 'same' ? ' returns its argument' : ` returns ${describeSet(outcome.returns.set)}`;
    const means = [...new Set(what)].join(', ');
    const source = inferred === undefined ? (contract.source === '' ? '' : ` [${contract.source}]`) : '';
    return `${name}()${returned}${means === '' ? '' : `: ${means}`}${what.length > 0 ? source : ''}`;
  }

  private observe(state: State, count: ValueId, address: ValueId | undefined): void {
    if (address === undefined) return;
    const object = this.holder(address);
    if (object === null) return;
    const known = state.tokens.filter((token) => token.value === object && token.resource !== 'memory').map((token) => token.id);
    state.facts.set(count, [[known.length, Number.MAX_SAFE_INTEGER]]);
    state.observations = [...state.observations.filter((one) => one.count !== count), { count, object, known }];
  }

  /** The object whose member an address points to. */
  holder(address: ValueId): ValueId | null {
    const node = this.values.node(address);
    if (node.kind !== 'address') return null;
    const root = this.values.root(node.location);
    return root.kind === 'target' ? root.pointer : null;
  }

  subjectValue(state: State, subject: Subject, values: readonly ValueId[], result: ValueId | null): ValueId | null {
    let value = subject.root === 'result' ? result : (values[subject.root] ?? null);
    for (const step of subject.path) {
      if (value === null) return null;
      if (step === '@') value = this.holder(value);
      else {
        const target = this.values.target(value);
        value = this.read(state, step === '*' ? target : this.values.member(target, step));
      }
    }
    return value;
  }

  /** The value as a caller could name it, if it came from a parameter. */
  subjectOf(state: State, value: ValueId): Subject | null {
    const node = this.values.node(value);
    if (node.kind === 'operation') return this.containerSubject(state, node);
    if (node.kind !== 'symbol') return null;
    if (node.origin.kind === 'parameter') return { root: node.origin.index, path: [] };
    if (node.origin.kind !== 'load' || node.origin.epoch !== '') return null;
    return this.locationSubject(state, node.origin.location);
  }

  /** The object that a parameter points into: `container_of(args, struct x, args)`. */
  private containerSubject(state: State, node: Extract<ValueNode, { kind: 'operation' }>): Subject | null {
    const [operand] = node.operands;
    if (operand === undefined) return null;
    if (node.operator === 'nonzero') {
      const inner = this.values.node(operand);
      return inner.kind === 'operation' && inner.operator.startsWith('container ') ? this.containerSubject(state, inner) : null;
    }
    if (!node.operator.startsWith('container ')) return null;
    const pointer = this.subjectOf(state, operand);
    return pointer === null ? null : { root: pointer.root, path: [...pointer.path, '@'] };
  }

  private locationSubject(state: State, at: LocationId): Subject | null {
    const node = this.values.location(at);
    if (node.kind === 'target') {
      const outer = this.subjectOf(state, node.pointer);
      return outer === null ? null : { root: outer.root, path: [...outer.path, '*'] };
    }
    if (node.kind !== 'member') return null;
    const base = this.values.location(node.base);
    if (base.kind !== 'target') return null;
    const outer = this.subjectOf(state, base.pointer);
    return outer === null ? null : { root: outer.root, path: [...outer.path, node.name] };
  }

  record(state: State, effect: Effect): void {
    const key = effectKey(effect);
    if (state.effects.some((one) => one.key === key)) return;
    state.effects = [...state.effects, { key, effect }].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  // ---- references ----

  private applyEffect(
    state: State,
    effect: Effect,
    value: ValueId | null,
    values: readonly ValueId[],
    instruction: CallInstruction,
    name: string,
    site: string,
  ): boolean {
    if (value === null) return true;
    const { span } = instruction;
    switch (effect.kind) {
      case 'acquire':
        this.acquire(state, effect.resource, value, name, `${site} ${effect.resource}`, {
          holder: this.inSharedMemory(state, value) ? 'stored' : 'local',
          initial: effect.resource === 'counted' && effect.subject.root === 'result' && effect.shared !== true && !this.taken(effect),
          taken: this.taken(effect),
          isNew: effect.shared !== true && !this.taken(effect) && (effect.resource === 'memory' || effect.resource === 'counted'),
        });
        return true;
      case 'release':
        return this.release(state, effect, value, instruction, name);
      case 'transfer':
        this.transfer(state, effect, value, span);
        return true;
      case 'set-count': {
        // a row names the address of the count, an inferred one the object
        const object = this.values.node(value).kind === 'address' ? this.holder(value) : value;
        if (object === null) return true;
        const count = typeof effect.count === 'number' ? effect.count : this.countValue(state, effect.count, values);
        const parameter = this.subjectOf(state, object);
        if (parameter !== null) {
          this.record(state, { kind: 'set-count', subject: parameter, count });
          return true;
        }
        const replaced = state.tokens.filter((token) => token.value === object && (token.resource === 'memory' || token.resource === 'counted'));
        state.tokens = state.tokens.filter((token) => !replaced.includes(token));
        const holder = replaced.some((token) => token.holder === 'stored') ? 'stored' : 'local';
        for (let index = 0; index < Math.min(count, 4); index++) {
          this.acquire(state, 'counted', object, name, `${site} set ${index}`, { holder, initial: true, taken: false, isNew: holder === 'local' });
        }
        return true;
      }
      case 'dead': {
        const object = this.values.node(value).kind === 'address' ? (this.holder(value) ?? value) : value;
        if (state.tokens.some((token) => token.value === object && token.resource !== 'memory')) return false;
        const parameter = this.subjectOf(state, object);
        if (parameter !== null && this.isPointerParameter(parameter)) this.record(state, { kind: 'dead', subject: parameter });
        return true;
      }
      case 'escape': {
        if (effect.unknown === true) {
          const object = this.holder(value) ?? value;
          this.doubt(state, object);
          const parameter = this.subjectOf(state, object);
          if (parameter !== null && this.isPointerParameter(parameter)) this.record(state, { kind: 'escape', subject: parameter, unknown: true });
          this.escape(state, object);
          return true;
        }
        this.hold(state, value, null);
        return true;
      }
      case 'write':
        this.clobberFrom(state, value, site);
        return true;
    }
  }

  private countValue(state: State, subject: Subject, values: readonly ValueId[]): number {
    const value = this.subjectValue(state, subject, values, null);
    return value === null ? 1 : (state.constantOf(this.values, value) ?? 1);
  }

  /** Whether a pointer is what stands in memory that others reach, such as the target of an out-parameter of our own. */
  private inSharedMemory(state: State, value: ValueId): boolean {
    const node = this.values.node(value);
    return node.kind === 'symbol' && node.origin.kind === 'load' && node.origin.epoch !== '' && !this.isPrivate(state, node.origin.location);
  }

  /** Whether the reference is to something that the caller had a pointer to before. */
  private taken(effect: Extract<Effect, { kind: 'acquire' }>): boolean {
    return effect.subject.root !== 'result' && !effect.subject.path.includes('*');
  }

  private acquire(
    state: State,
    resource: string,
    value: ValueId,
    callee: string,
    id: string,
    how: { readonly holder: Token['holder']; readonly initial: boolean; readonly taken: boolean; readonly isNew: boolean },
  ): void {
    if (state.constantOf(this.values, value) === 0) return;
    for (const [key, release] of [...state.released]) if (release.value === value) state.released.delete(key);
    const repeated = state.tokens.filter((token) => token.id === id || token.id.startsWith(`${id}+`)).length;
    if (repeated >= 3) return;
    const token: Token = {
      id: repeated === 0 ? id : `${id}+${repeated}`,
      resource,
      value,
      holder: how.holder,
      within: null,
      doubtful: false,
      initial: how.initial,
      taken: how.taken,
      callee,
      trace: state.trace,
    };
    state.tokens = [...state.tokens, token];
    if (how.isNew) state.privateObjects.add(value);
  }

  private release(state: State, effect: Extract<Effect, { kind: 'release' }>, value: ValueId, instruction: CallInstruction, name: string): boolean {
    const { values } = this;
    const set = state.setOf(values, value);
    if (isSubset(set, [[-4095, 0]])) return true;
    const { resource } = effect;
    const { span } = instruction;
    const argument = instruction.arguments[0];
    const subject = argument?.kind === 'value' ? this.around.text(argument.value.span) : '';
    const mine = state.tokens.filter((token) => token.value === value);
    const matching = mine.filter((token) => token.resource === resource || token.resource === 'reference' || resource === 'reference');
    const remember = (tokenId: string | null, acquired: Token | null, last: boolean): void => {
      state.released.set(releaseKey(resource, value), {
        resource,
        value,
        callee: name,
        tokenId,
        acquired: acquired?.trace ?? null,
        trace: state.trace,
        last,
        deferred: effect.deferred === true,
        doubtful: acquired?.doubtful ?? false,
      });
    };
    if (resource === 'memory' && state.dying.has(value)) this.destroys.add(this.dyingCounts.get(value) ?? '');
    if (resource === 'memory') {
      const counted = mine.filter((token) => token.resource === 'counted' || token.resource === 'reference');
      if (counted.length > 0 && !state.dying.has(value)) {
        const fresh = counted.every((token) => token.initial);
        const stored = counted.find((token) => token.holder === 'stored');
        const doubtful = counted.some((token) => token.doubtful);
        const why = !fresh && counted.length > 1 ? 'other-references' : stored !== undefined ? 'in-index' : !fresh ? 'counted' : counted.length > 1 ? 'other-references' : null;
        const key = `direct ${value}`;
        if (why !== null && !doubtful && !state.reported.has(key)) {
          state.reported.add(key);
          this.around.report({ kind: 'direct-free', span, trace: state.trace, subject, callee: name, holders: counted, why });
        }
        for (const token of counted) this.around.released(token, span);
        state.tokens = state.tokens.filter((token) => !counted.includes(token));
        remember(counted[0]?.id ?? null, counted[0] ?? null, true);
        state.privateObjects.delete(value);
        return true;
      }
    }
    const token = matching.find((one) => one.holder === 'local') ?? matching[0];
    if (token !== undefined) {
      this.around.released(token, span);
      state.unwound = [...state.unwound.slice(-7), { token, span }];
      state.tokens = state.tokens.filter((one) => one !== token);
      const left = state.tokens.some((one) => one.value === value && one.resource === token.resource);
      if (resource === 'counted') {
        // the destructor of the last reference gives up what the object holds
        if (!left && effect.last !== true) {
          const held = state.tokens.filter((one) => one.within === value);
          state.tokens = state.tokens.filter((one) => !held.includes(one));
        }
      }
      if (effect.last === true && left) return false;
      if (effect.last === false && !left && state.privateObjects.has(value)) return false;
      if (effect.last === true) this.dies(state, value, instruction);
      // what was reached before the get is kept alive by whoever held it then
      remember(token.id, token, !left && !token.taken);
      if (!left) state.privateObjects.delete(value);
      return true;
    }
    if (resource === 'memory' && mine.length > 0 && mine.every((one) => one.resource !== 'memory' && !one.doubtful) && !state.dying.has(value)) {
      const key = `direct ${value}`;
      if (!state.reported.has(key)) {
        state.reported.add(key);
        this.around.report({ kind: 'direct-free', span, trace: state.trace, subject, callee: name, holders: mine, why: 'wrong-release' });
      }
      return true;
    }
    if (state.dying.has(value) || this.belongsToDying(state, value)) {
      remember(null, null, resource === 'memory');
      return true;
    }
    const previous = state.released.get(releaseKey(resource, value));
    const parameter = this.subjectOf(state, value);
    const node = values.node(value);
    const borrowed = node.kind === 'symbol' && node.origin.kind === 'call' ? node.origin.callee : null;
    if (previous !== undefined) {
      // of what came in from outside, others' references may be meant to go, too
      const counts = !previous.doubtful && (resource === 'memory' || (previous.tokenId !== null && borrowed !== null));
      if (parameter !== null && resource !== 'memory') this.record(state, this.recorded(effect, parameter, span));
      const key = `over ${value} ${resource}`;
      if (counts && !state.reported.has(key)) {
        state.reported.add(key);
        this.around.report({ kind: 'over-release', span, trace: state.trace, subject, resource, callee: name, previous, borrowedFrom: null, uninitialised: false });
      }
      return true;
    }
    if (this.uninitialised(state, value)) {
      const key = `over ${value} ${resource}`;
      if (!state.reported.has(key)) {
        state.reported.add(key);
        this.around.report({ kind: 'over-release', span, trace: state.trace, subject, resource, callee: name, previous: null, borrowedFrom: null, uninitialised: true });
      }
      return true;
    }
    if (parameter === null && borrowed !== null && this.lends(borrowed, resource)) {
      const key = `over ${value} ${resource}`;
      if (!state.reported.has(key)) {
        state.reported.add(key);
        this.around.report({ kind: 'over-release', span, trace: state.trace, subject, resource, callee: name, previous: null, borrowedFrom: borrowed, uninitialised: false });
      }
    }
    if (parameter !== null) {
      this.record(state, this.recorded(effect, parameter, span));
    }
    if (effect.last === true) this.dies(state, value, instruction);
    remember(null, null, resource === 'memory');
    return true;
  }

  /** Whether a value is what a local holds before anything was assigned to it. */
  private uninitialised(state: State, value: ValueId): boolean {
    const node = this.values.node(value);
    if (node.kind !== 'symbol' || node.origin.kind !== 'load') return false;
    const at = this.values.location(node.origin.location);
    if (at.kind !== 'variable' || !this.declared.has(node.origin.epoch)) return false;
    const variable = this.graph.variables[at.variable];
    return variable?.kind === 'local' && variable.type.kind === 'pointer' && state.epochs.get(`v${at.variable}`) === node.origin.epoch;
  }

  private recorded(effect: Extract<Effect, { kind: 'release' }>, subject: Subject, span: Span): Effect {
    const { resource } = effect;
    const deferred = effect.deferred === true ? { deferred: true } : {};
    return { kind: 'release', resource, subject, ...deferred, at: effect.at ?? siteIn(this.graph, span) };
  }

  private dies(state: State, value: ValueId, instruction: CallInstruction): void {
    state.dying.add(value);
    this.dyingCounts.set(value, this.countName(instruction));
  }

  /** Whether a pointer was read from an object whose last reference this path dropped. */
  private belongsToDying(state: State, value: ValueId): boolean {
    const node = this.values.node(value);
    if (node.kind !== 'symbol' || node.origin.kind !== 'load') return false;
    const root = this.values.root(node.origin.location);
    return root.kind === 'target' && state.dying.has(root.pointer);
  }

  /** Whether a call is known to hand out pointers of which it keeps the reference. */
  private lends(callee: string, resource: string): boolean {
    const contract = this.around.contract(callee);
    return (
      contract !== undefined &&
      resource !== 'memory' &&
      contract.borrows === true &&
      contract.outcomes.every((outcome) => outcome.effects.every((effect) => effect.kind !== 'acquire'))
    );
  }

  private transfer(state: State, effect: Extract<Effect, { kind: 'transfer' }>, value: ValueId, span: Span): void {
    const mine = state.tokens.filter((token) => token.value === value && token.holder === 'local');
    const token = mine.find((one) => one.resource === effect.resource) ?? mine.find((one) => one.resource === 'counted') ?? mine[0];
    if (token !== undefined) {
      state.tokens = state.tokens.map((one) => (one === token ? { ...token, holder: 'stored', within: null } : one));
      this.escape(state, value);
      return;
    }
    const subject = this.subjectOf(state, value);
    if (subject !== null) this.record(state, { kind: 'transfer', resource: effect.resource, subject, to: effect.to, at: effect.at ?? siteIn(this.graph, span) });
  }
}

/** A place of a function, told from the function's start. */
export function siteIn(graph: FunctionGraph, span: Span): EffectSite {
  const from = graph.span.start;
  return { file: graph.file, function: graph.name, span: { start: span.start - from, end: span.end - from } };
}

/** Whether a call takes over the reference that an argument points to. */
function consumes(outcome: Outcome, index: number): boolean {
  return outcome.effects.some(
    (effect) =>
      effect.kind !== 'acquire' &&
      effect.kind !== 'write' &&
      effect.kind !== 'set-count' &&
      effect.kind !== 'dead' &&
      effect.subject.root === index &&
      effect.subject.path.every((step) => step === '@'),
  );
}

function findsDead(outcome: Outcome, index: number): boolean {
  return outcome.effects.some((effect) => effect.kind === 'dead' && effect.subject.root === index);
}

const ambiguous = new WeakMap<Contract, readonly number[]>();

/**
 * Arguments that a call takes over or not without saying so by what it returns: which it was depends on something that the
 * caller knows and we don't.
 */
function ambiguousArguments(contract: Contract): readonly number[] {
  const known = ambiguous.get(contract);
  if (known !== undefined) return known;
  const roots = new Set(contract.outcomes.flatMap((one) => one.effects.flatMap((effect) => (effect.subject.root === 'result' ? [] : [effect.subject.root]))));
  const requiredOf = (one: Outcome, index: number): IntegerSet =>
    one.requires.find(({ subject }) => subject.root === index && subject.path.length === 0)?.set ?? any;
  const returned = (one: Outcome): IntegerSet => {
    if (one.returns === null) return any;
    if (one.returns.kind === 'set') return one.returns.set;
    const { subject } = one.returns;
    return typeof subject.root === 'number' && subject.path.length === 0 ? requiredOf(one, subject.root) : any;
  };
  const moves = (one: Outcome, index: number): string =>
    one.effects
      .filter((effect) => effect.subject.root === index && effect.subject.path.every((step) => step === '@') && effect.kind !== 'write')
      .map((effect) => (consumes({ ...one, effects: [effect] }, index) ? 'consume' : effect.kind))
      .sort()
      .join();
  const compatible = (a: Outcome, b: Outcome, index: number): boolean =>
    [a, b].every((one) => !isEmpty(intersect(requiredOf(one, index), positive))) && !isEmpty(intersect(returned(a), returned(b)));
  // rows of the kernel name their outcomes; what decides there is known
  const inferred = contract.outcomes.filter((one) => one.name === '');
  const result = [...roots].filter((index) =>
    inferred.some((one) => !findsDead(one, index) && inferred.some((other) => !findsDead(other, index) && moves(one, index) !== moves(other, index) && compatible(one, other, index))),
  );
  ambiguous.set(contract, result);
  return result;
}

export function effectKey(effect: Effect): string {
  const subject = `${effect.subject.root}.${effect.subject.path.join('.')}`;
  switch (effect.kind) {
    case 'acquire':
    case 'release':
      return `${effect.kind} ${effect.resource} ${subject}`;
    case 'transfer':
      return `transfer ${effect.resource} ${subject} ${effect.to}`;
    case 'set-count':
      return `set-count ${subject} ${JSON.stringify(effect.count)}`;
    case 'escape':
    case 'dead':
    case 'write':
      return `${effect.kind} ${subject}${effect.kind === 'escape' && effect.unknown === true ? ' unknown' : ''}`;
  }
}

function describeSet(set: IntegerSet): string {
  if (isSubset(set, zero)) return '0';
  if (isSubset(set, positive)) return 'a valid pointer or a positive number';
  if (isSubset(set, errors)) return 'an error';
  if (isSubset(set, nonZero)) return 'not 0';
  if (set === any) return 'any value';
  return set.map(([low, high]) => (low === high ? `${low}` : `${low}..${high}`)).join(', ');
}

function subjectText(subject: Subject): string {
  const root = subject.root === 'result' ? 'the result' : `argument ${subject.root + 1}`;
  const path = subject.path.filter((step) => step !== '@');
  return path.length === 0 ? root : `${root}->${path.join('->')}`;
}

function describeEffect(effect: Effect): string {
  switch (effect.kind) {
    case 'acquire':
      return `takes a ${effect.resource} reference to ${subjectText(effect.subject)}`;
    case 'release':
      return `gives up a ${effect.resource} reference to ${subjectText(effect.subject)}`;
    case 'transfer':
      return `moves a reference to ${subjectText(effect.subject)} to ${effect.to}`;
    case 'set-count':
      return `sets the count of ${subjectText(effect.subject)}`;
    case 'escape':
    case 'dead':
    case 'write':
      return '';
  }
}
