// Walks all paths of one function and reports what goes wrong on them and how each way out leaves things.
import type { Span } from '../model/source.js';
import type { BasicBlock, FunctionGraph, Terminator, VariableId } from '../program/graph.js';
import type { ExitClass, Fault } from './fault.js';
import { complement, intersect, isEmpty, isSubset, only, overlaps, union } from './integer-set.js';
import { liveness, successors, type Liveness } from './liveness.js';
import { Machine, type Surroundings } from './machine.js';
import { joinFacts, State, type TraceNode } from './state.js';
import type { LocationId, ValueId } from './values.js';
import { any, errors, negative, nonNegative, nonZero, positive, zero, type IntegerSet } from '../kernel/contract.js';

/** Bounds of one function's analysis. Beyond `perBlock`, states that agree on references are joined; beyond `states`, it ends. */
export interface Bounds {
  readonly perBlock: number;
  /** The same for the head of a loop, where each round brings states of its own. */
  readonly perLoop: number;
  readonly states: number;
}

export const defaultBounds: Bounds = { perBlock: 24, perLoop: 6, states: 3_000 };

export interface Exit {
  readonly state: State;
  readonly value: ValueId | null;
  readonly set: IntegerSet;
  readonly span: Span;
}

export interface Exploration {
  readonly machine: Machine;
  readonly exits: readonly Exit[];
  readonly states: number;
  readonly merged: boolean;
  /** Why the walk was given up, or null. */
  readonly gaveUp: string | null;
}

/** A set that still grows after this many joins at one block is taken to be any. */
const joinsBeforeWidening = 2;

interface BranchRecord {
  readonly block: BasicBlock;
  then: boolean;
  else: boolean;
  merged: boolean;
  readonly subject: VariableId | null;
  trace: TraceNode;
  readonly reasons: Map<number, TraceNode>;
  constantReason: boolean;
}

export function explore(graph: FunctionGraph, around: Surroundings, bounds: Bounds = defaultBounds): Exploration {
  return new Walk(graph, around, bounds).run();
}

/** The place of each block, by id, in reverse postorder. */
function reversePostorder(graph: FunctionGraph): readonly number[] {
  const order = graph.blocks.map(() => 0);
  const visited = new Set<number>([0]);
  let next = graph.blocks.length;
  const stack: { id: number; next: number }[] = [{ id: 0, next: 0 }];
  for (let top = stack[stack.length - 1]; top !== undefined; top = stack[stack.length - 1]) {
    const block = graph.blocks[top.id];
    const to = block === undefined ? undefined : successors(block.terminator)[top.next++];
    if (to === undefined) {
      order[top.id] = --next;
      stack.pop();
    } else if (!visited.has(to)) {
      visited.add(to);
      stack.push({ id: to, next: 0 });
    }
  }
  return order;
}

class Walk {
  private readonly machine: Machine;
  private readonly liveness: Liveness;
  private readonly seen = new Map<number, Set<string>>();
  private readonly joined = new Map<string, { state: State; joins: number }>();
  private readonly exits: Exit[] = [];
  private readonly branches = new Map<number, BranchRecord>();
  private readonly waiting = new Map<number, State[]>();
  private readonly taken = new Map<number, number>();
  private readonly order: readonly number[];
  private readonly loopHeads = new Set<number>();
  private states = 0;
  private merged = false;
  private readonly returnsPointer: boolean;
  /** Kept until it is known that no path tests the result. */
  private readonly unchecked: { readonly value: ValueId; readonly fault: Fault }[] = [];
  /** Kept until it is known whether the function tells failure by a negative number at all. */
  private readonly missing: Fault[] = [];

  constructor(
    private readonly graph: FunctionGraph,
    private readonly around: Surroundings,
    private readonly bounds: Bounds,
  ) {
    this.machine = new Machine(graph, around);
    this.liveness = liveness(graph);
    this.order = reversePostorder(graph);
    for (const block of graph.blocks) {
      for (const next of successors(block.terminator)) {
        if ((this.order[next] ?? 0) <= (this.order[block.id] ?? 0)) this.loopHeads.add(next);
      }
    }
    this.returnsPointer = graph.returns.kind === 'pointer';
  }

  run(): Exploration {
    const { graph, machine } = this;
    const start = new State({ previous: null, kind: 'start', file: null, span: graph.nameSpan, message: `${graph.name}() begins`, length: 0 });
    for (let index = 0; index < graph.parameterCount; index++) {
      const variable = graph.variables[index];
      if (variable === undefined) continue;
      start.store.set(
        machine.values.variable(index),
        machine.values.symbol(`parameter ${index}`, { kind: 'parameter', index, name: variable.name }),
      );
    }
    this.enter(0, start);
    let gaveUp: string | null = null;
    for (let id = this.nextBlock(); id !== undefined && gaveUp === null; id = this.nextBlock()) {
      const block = graph.blocks[id];
      const states = this.take(id);
      if (block === undefined) continue;
      for (const state of states) {
        if (++this.states > this.bounds.states) {
          gaveUp = `more than ${this.bounds.states} states`;
          break;
        }
        this.block(block, state);
      }
    }
    if (gaveUp === null) this.reportDecided();
    for (const { value, fault } of this.unchecked) if (!this.machine.everTested.has(value)) this.around.report(fault);
    if (this.exits.some((exit) => isSubset(exit.set, negative))) for (const fault of this.missing) this.around.report(fault);
    return { machine, exits: this.exits, states: this.states, merged: this.merged, gaveUp };
  }

  // ---- block entry: forget what can't matter, drop what was seen, join what is too much ----

  private enter(id: number, state: State): void {
    this.project(id, state);
    const key = state.key();
    let seen = this.seen.get(id);
    if (seen === undefined) this.seen.set(id, (seen = new Set()));
    if (seen.has(key)) return;
    seen.add(key);
    const waiting = this.waiting.get(id);
    if (waiting === undefined) this.waiting.set(id, [state]);
    else waiting.push(state);
  }

  /** The first block in reverse postorder that a state waits at, so that paths meet before they go on. */
  private nextBlock(): number | undefined {
    let best: number | undefined;
    for (const id of this.waiting.keys()) if (best === undefined || (this.order[id] ?? 0) < (this.order[best] ?? 0)) best = id;
    return best;
  }

  /** The states that wait at a block; beyond the bound, those that agree on references are joined. */
  private take(id: number): readonly State[] {
    const states = this.waiting.get(id) ?? [];
    this.waiting.delete(id);
    const before = this.taken.get(id) ?? 0;
    this.taken.set(id, before + states.length);
    const bound = this.loopHeads.has(id) ? this.bounds.perLoop : this.bounds.perBlock;
    if (before + states.length <= bound) return states;
    this.merged = true;
    const changed = new Map<string, State>();
    for (const state of states) {
      const ownership = `${id} ${state.ownershipKey()}`;
      const earlier = this.joined.get(ownership);
      if (earlier === undefined) {
        state.merged = true;
        this.joined.set(ownership, { state, joins: 0 });
        changed.set(ownership, state);
        continue;
      }
      const joined = this.join(id, earlier.state, state, earlier.joins >= joinsBeforeWidening);
      const same = joined.key() === earlier.state.key();
      this.joined.set(ownership, { state: joined, joins: earlier.joins + 1 });
      if (!same) changed.set(ownership, joined);
    }
    return [...changed.values()].map((state) => state.clone());
  }

  private project(id: number, state: State): void {
    const { values } = this.machine;
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

  /** Drops facts about values that nothing can name any more. */
  private collect(state: State, names: ReadonlySet<string>): void {
    const { values } = this.machine;
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
      if (!readable(id) || (set === any)) state.facts.delete(id);
    }
    for (const [key, release] of [...state.released]) {
      const gone = values.isElementLoad(release.value) ? !named.has(release.value) : !readable(release.value);
      if (gone) state.released.delete(key);
    }
    for (const value of [...state.dying]) if (!readable(value)) state.dying.delete(value);
    state.observations = state.observations.filter((one) => state.tokens.some((token) => token.value === one.object) || readable(one.object));
    for (const value of [...state.privateObjects]) if (!readable(value)) state.privateObjects.delete(value);
  }

  /** Memory that was only read, and of which something is known. */
  private knownLoads(state: State): readonly LocationId[] {
    const { values } = this.machine;
    const result: LocationId[] = [];
    for (const id of state.facts.keys()) {
      const node = values.node(id);
      if (node.kind !== 'symbol' || node.origin.kind !== 'load') continue;
      if (this.machine.read(state, node.origin.location) === id) result.push(node.origin.location);
    }
    return result;
  }

  private join(id: number, a: State, b: State, widen: boolean): State {
    const { values } = this.machine;
    const result = a.trace.length <= b.trace.length ? a.clone() : b.clone();
    result.merged = true;
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
      const what = this.machine.read(a, at);
      const other = this.machine.read(b, at);
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
        return other !== undefined && other.assigned.start === note.assigned.start && other.phase === note.phase;
      }),
    );
    result.observations = a.observations.filter((one) => b.observations.some((other) => other.count === one.count));
    result.reported = new Set([...a.reported, ...b.reported]);
    if (a.epoch !== b.epoch) result.epoch = `join ${id}`;
    const epochs = new Map<string, string>();
    for (const root of new Set([...a.epochs.keys(), ...b.epochs.keys()])) {
      const left = a.epochs.get(root);
      epochs.set(root, left !== undefined && left === b.epochs.get(root) ? left : `join ${id}`);
    }
    result.epochs = epochs;
    return result;
  }

  // ---- one block ----

  private block(block: BasicBlock, state: State): void {
    let current: State[] = [state];
    block.instructions.forEach((instruction, index) => {
      const next: State[] = [];
      for (const one of current) next.push(...this.machine.run(one, instruction, `${block.id}.${index}`));
      current = next;
    });
    for (const one of current) this.terminate(block, one);
  }

  private terminate(block: BasicBlock, state: State): void {
    const { terminator } = block;
    switch (terminator.kind) {
      case 'goto':
        if (terminator.label !== null) this.around.left?.(state, this.machine, terminator);
        if (terminator.label !== null) state.step('goto', terminator.span, terminator.label);
        this.enter(terminator.to, state);
        return;
      case 'branch':
        this.branch(block, terminator, state);
        return;
      case 'switch': {
        const { values } = this.machine;
        const value = this.machine.evaluate(state, terminator.value);
        let rest = state.setOf(values, value);
        for (const one of terminator.cases) {
          if (one.low === null) {
            this.enter(one.to, state.clone());
            continue;
          }
          const low = Number(one.low);
          const set: IntegerSet = one.high === null ? only(low) : [[low, Number(one.high)]];
          rest = intersect(rest, complement(set));
          const taken = state.clone();
          if (!taken.restrict(values, value, set)) continue;
          taken.step('branch', terminator.span, `case ${one.text}`);
          this.enter(one.to, taken);
        }
        if (!isEmpty(rest) && state.restrict(values, value, rest)) {
          state.step('branch', terminator.span, 'no case matches');
          this.enter(terminator.default, state);
        }
        return;
      }
      case 'return':
        this.leave(state, terminator);
        return;
      case 'unreachable':
        return;
    }
  }

  private branch(block: BasicBlock, terminator: Extract<Terminator, { kind: 'branch' }>, state: State): void {
    const { values } = this.machine;
    const condition = this.machine.evaluate(state, terminator.condition);
    this.countDecides(state, terminator, condition);
    const record = this.recordOf(block, terminator, state);
    for (const value of [...state.untested.keys()]) if (values.mentions(condition, value)) this.machine.tested(state, value);
    const { text, negated } = this.conditionText(terminator.condition.span);
    const otherwise = state.clone();
    if (state.restrict(values, condition, nonZero)) {
      record.then = true;
      this.decide(state, terminator, condition, block.id, terminator.thenJumps, terminator.elseJumps);
      state.step('branch', terminator.condition.span, `${text} is ${negated ? 'false' : 'true'}`);
      this.enter(terminator.then, state);
    }
    if (otherwise.restrict(values, condition, zero)) {
      // `p ? p->x : 0` in an argument guards that expression; it does not say that p is NULL here
      if (terminator.source === 'conditional' && this.machine.comesFromOutside(condition)) {
        otherwise.untested.set(condition, { callee: '', acquires: false, allocates: false, trace: otherwise.trace, stored: false });
      }
      record.else = true;
      this.decide(otherwise, terminator, condition, block.id, terminator.elseJumps, terminator.thenJumps);
      otherwise.step('branch', terminator.condition.span, `${text} is ${negated ? 'true' : 'false'}`);
      this.enter(terminator.else, otherwise);
    }
  }

  /** Follows what a decision means for the error codes that are waiting to be returned. */
  private decide(
    state: State,
    terminator: Extract<Terminator, { kind: 'branch' }>,
    condition: ValueId,
    block: number,
    jumps: boolean,
    otherJumps: boolean,
  ): void {
    const { values } = this.machine;
    if (terminator.source === 'cleanup') return;
    if (jumps) state.failed = this.failedAllocation(state, condition);
    for (const [variable, note] of state.errno) {
      if (note.phase === 'exit') continue;
      if (jumps) {
        state.errno.set(variable, { ...note, phase: 'exit' });
        continue;
      }
      const { call } = note;
      if (otherJumps && !note.checked) state.errno.set(variable, { ...note, checked: true });
      if (call !== null && values.mentions(condition, call.result) && !otherJumps && terminator.source === 'if') {
        const set = state.setOf(values, call.result);
        const succeeded = isSubset(set, call.pointer ? positive : nonNegative);
        state.errno.set(variable, { ...note, phase: succeeded ? 'passed' : 'exit', decidedBy: block });
      } else if (note.phase === 'passed') state.errno.set(variable, { ...note, phase: 'unclear' });
    }
  }

  /** The allocation that a condition found to have failed. */
  private failedAllocation(state: State, condition: ValueId): State['failed'] {
    const { values } = this.machine;
    let failed: State['failed'] = null;
    const look = (id: ValueId): void => {
      const node = values.node(id);
      if (node.kind === 'compare') {
        look(node.left);
        look(node.right);
      } else if (node.kind === 'symbol' && node.origin.kind === 'call' && state.constantOf(values, id) === 0) {
        if (this.around.contract(node.origin.callee)?.allocates === true) failed = { callee: node.origin.callee, trace: state.trace };
      }
    };
    look(condition);
    return failed;
  }

  private countDecides(state: State, terminator: Extract<Terminator, { kind: 'branch' }>, condition: ValueId): void {
    const { values } = this.machine;
    let callee: string | null = null;
    let count = '';
    const look = (id: ValueId): void => {
      const node = values.node(id);
      if (node.kind === 'symbol' && node.origin.kind === 'call' && node.origin.counts !== null) {
        callee = node.origin.callee;
        count = node.origin.counts;
      }
      if (node.kind === 'compare') {
        look(node.left);
        look(node.right);
      } else if (node.kind === 'operation') node.operands.forEach(look);
    };
    look(condition);
    if (callee === null) return;
    this.around.report({
      kind: 'count-decides',
      span: terminator.condition.span,
      trace: state.trace,
      subject: this.around.text(terminator.condition.span),
      callee,
      count,
    });
  }

  private recordOf(block: BasicBlock, terminator: Extract<Terminator, { kind: 'branch' }>, state: State): BranchRecord {
    let record = this.branches.get(block.id);
    const { condition } = terminator;
    const variable =
      condition.kind === 'variable'
        ? condition.variable
        : condition.kind === 'unary' && condition.operator === '!' && condition.operand.kind === 'variable'
          ? condition.operand.variable
          : condition.kind === 'binary' && condition.left.kind === 'variable' && condition.right.kind === 'constant'
            ? condition.left.variable
            : null;
    if (record === undefined) {
      record = { block, then: false, else: false, merged: false, subject: variable, trace: state.trace, reasons: new Map(), constantReason: false };
      this.branches.set(block.id, record);
    }
    if (state.merged) record.merged = true;
    if (variable !== null) {
      const note = state.errno.get(variable);
      if (note !== undefined) {
        record.constantReason = true;
        if (!record.reasons.has(note.assigned.start)) {
          record.reasons.set(note.assigned.start, {
            previous: null,
            kind: 'assign',
            file: null,
            span: note.assigned,
            message: `${this.around.text(note.assigned)}: still the value on one path to the test`,
            length: 0,
          });
          record.trace = state.trace;
        }
      }
    }
    return record;
  }

  private reportDecided(): void {
    for (const record of this.branches.values()) {
      const { terminator } = record.block;
      if (terminator.kind !== 'branch' || terminator.source !== 'if' || record.subject === null) continue;
      if (record.then === record.else) continue;
      const dead = record.then ? terminator.else : terminator.then;
      if (!record.constantReason && !this.assignsOnly(dead, record.subject)) continue;
      this.around.report({
        kind: 'decided',
        span: terminator.condition.span,
        trace: record.trace,
        subject: this.graph.variables[record.subject]?.name ?? '',
        always: record.then !== this.conditionText(terminator.condition.span).negated,
        condition: this.conditionText(terminator.condition.span).text,
        reasons: [...record.reasons.values()],
      });
    }
  }

  /** A condition as written; lowering takes a leading `!` off and swaps the sides. */
  private conditionText(span: Span): { readonly text: string; readonly negated: boolean } {
    const wider = this.around.text({ start: span.start - 1, end: span.end });
    return wider.startsWith('!') ? { text: wider, negated: true } : { text: this.around.text(span), negated: false };
  }

  /** Whether a block does nothing but give the variable another value: the default that a guard stands for. */
  private assignsOnly(id: number, variable: VariableId): boolean {
    const instructions = this.graph.blocks[id]?.instructions ?? [];
    return (
      instructions.length === 1 &&
      instructions.every((one) => one.kind === 'assign' && one.target.kind === 'variable' && one.target.variable === variable && one.value.kind === 'unary')
    );
  }

  // ---- the way out ----

  private classOf(set: IntegerSet): ExitClass {
    if (this.graph.returns.kind === 'void') return 'unknown';
    if (this.returnsPointer) {
      if (isSubset(set, positive)) return 'success';
      return isSubset(set, [[-4095, 0]]) ? 'failure' : 'unknown';
    }
    if (isSubset(set, negative)) return 'failure';
    return isSubset(set, nonNegative) ? 'success' : 'unknown';
  }

  private leave(state: State, terminator: Extract<Terminator, { kind: 'return' }>): void {
    const { values } = this.machine;
    this.around.left?.(state, this.machine, terminator);
    const value = terminator.value === null ? null : this.machine.evaluate(state, terminator.value);
    const set = value === null ? any : state.setOf(values, value);
    const exit = this.classOf(set);
    const shown = terminator.value === null ? '' : ` ${this.around.text(terminator.value.span)}`;
    const constant = value === null ? undefined : state.constantOf(values, value);
    const told = constant === undefined || constant === 0 ? '' : ` (${constant})`;
    state.step('return', terminator.span, `returns${shown}${told}`);
    this.leaks(state, value, exit, terminator.span);
    for (const [id, untested] of state.untested) {
      if (!untested.stored || !untested.acquires || !untested.allocates || exit === 'failure') continue;
      if (id === value) continue;
      this.unchecked.push({ value: id, fault: { kind: 'unchecked-store', span: untested.trace.span, trace: state.trace, subject: untested.callee, untested } });
    }
    this.stale(state, terminator, constant);
    this.releaseOrder(state);
    this.exits.push({ state, value, set, span: terminator.span });
  }

  /** Two rungs of the ladder in the order of acquiring: what was acquired first was also released first. */
  private releaseOrder(state: State): void {
    const labelAt = (at: Span): string | undefined => this.graph.labels.filter((label) => label.span.start <= at.start).pop()?.name;
    state.unwound.forEach((earlier, index) => {
      const later = state.unwound[index + 1];
      if (later === undefined || earlier.token.value === later.token.value) return;
      if (earlier.token.trace.length >= later.token.trace.length || earlier.span.start >= later.span.start) return;
      if (earlier.span.start < later.token.trace.span.start) return;
      const first = labelAt(earlier.span);
      const second = labelAt(later.span);
      if (first === undefined || second === undefined || first === second) return;
      this.around.report({
        kind: 'order',
        span: earlier.span,
        trace: state.trace,
        subject: earlier.token.callee,
        first: earlier.token,
        second: later.token,
        label: first,
      });
    });
  }

  private stale(state: State, terminator: Extract<Terminator, { kind: 'return' }>, constant: number | undefined): void {
    this.missingCode(state, terminator, constant);
    if (terminator.value?.kind !== 'variable' || constant === undefined || constant >= 0) return;
    const note = state.errno.get(terminator.value.variable);
    if (note === undefined || note.phase !== 'passed' || note.call === null || note.decidedBy === null) return;
    if (!this.failureSets(note.decidedBy, terminator.value.variable)) return;
    this.around.report({
      kind: 'stale-return',
      span: terminator.span,
      trace: state.trace,
      subject: this.graph.variables[terminator.value.variable]?.name ?? '',
      note,
      call: note.call.name,
    });
  }

  /** An allocation failed, and what is returned is 0 or the code of a check that had passed. */
  private missingCode(state: State, terminator: Extract<Terminator, { kind: 'return' }>, constant: number | undefined): void {
    if (state.failed === null || constant === undefined || this.graph.returns.kind !== 'integer' || terminator.value?.kind !== 'variable') return;
    const note = state.errno.get(terminator.value.variable);
    const stale = note !== undefined && note.value !== -12 && note.checked && note.trace.length < state.failed.trace.length;
    if (constant !== 0 && !stale) return;
    this.missing.push({
      kind: 'missing-code',
      span: terminator.span,
      trace: state.trace,
      subject: this.graph.variables[terminator.value.variable]?.name ?? '',
      callee: state.failed.callee,
      returned: constant,
    });
  }

  /** Whether a side of the branch gives the variable an error code of its own. */
  private failureSets(block: number, variable: VariableId): boolean {
    const terminator = this.graph.blocks[block]?.terminator;
    if (terminator?.kind !== 'branch') return false;
    return [terminator.then, terminator.else].some((side) =>
      (this.graph.blocks[side]?.instructions ?? []).some(
        (one) => one.kind === 'assign' && one.target.kind === 'variable' && one.target.variable === variable && one.value.kind === 'unary',
      ),
    );
  }

  private leaks(state: State, value: ValueId | null, exit: ExitClass, span: Span): void {
    const { values } = this.machine;
    const returned = value === null ? null : this.returnedObject(value);
    for (const token of state.tokens) {
      if (token.holder !== 'local' || token.doubtful) continue;
      if (token.value === returned || token.value === value) continue;
      // a get on an object at hand is often for what the function leaves behind when it succeeds
      if (token.taken && exit !== 'failure') continue;
      if (this.machine.subjectOf(state, token.value) !== null) continue;
      if (token.within !== null && this.survives(state, token.within, returned)) continue;
      const set = state.setOf(values, token.value);
      if (isSubset(set, [[-4095, 0]])) continue;
      if (overlaps(set, errors) && !overlaps(set, positive)) continue;
      this.around.report({
        kind: 'leak',
        span,
        trace: state.trace,
        subject: token.callee,
        token,
        exit,
        refusedBy: state.refused.get(token.value) ?? null,
      });
    }
  }

  /** Whether the object that holds the pointer leaves the function alive and owned. */
  private survives(state: State, object: ValueId, returned: ValueId | null): boolean {
    if (object === returned) return true;
    const holders = state.tokens.filter((token) => token.value === object);
    // an object that leaks itself is reported once, for itself
    return holders.length > 0;
  }

  private returnedObject(value: ValueId): ValueId {
    const { values } = this.machine;
    const node = values.node(value);
    if (node.kind !== 'address') return value;
    const root = values.root(node.location);
    return root.kind === 'target' ? root.pointer : value;
  }
}

/** Where a path last jumped: the goto or return that names a fault on the way out. */
export function lastJump(trace: TraceNode): TraceNode {
  for (let node: TraceNode | null = trace; node !== null; node = node.previous) if (node.kind === 'goto') return node;
  return trace;
}

export type { Fault };
