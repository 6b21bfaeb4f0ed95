// Walks all paths of one function and reports what goes wrong on them and how each way out leaves things.
import { errors, nonZero, zero, type IntegerSet } from '../kernel/contract.js';
import type { BasicBlock, FunctionGraph, PureExpression, Terminator } from '../program/graph.js';
import { complement, intersect, isEmpty, isSubset, only } from './integer-set.js';
import { liveness, successors } from '../program/liveness.js';
import { ErrorCodes } from './error-codes.js';
import { Exits, type Exit } from './exits.js';
import { Guards } from './guards.js';
import { AbstractInterpreter } from './abstract-interpreter.js';
import { Meeting } from './meeting.js';
import type { Surroundings } from './surroundings.js';
import { PathState } from './path-state.js';
import type { Origin, ValueId } from './symbolic-values.js';

/** Bounds of one function's analysis. Beyond `perBlock`, states that agree on references are joined; beyond `states`, it ends. */
const bounds = {
  perBlock: 24,
  /** The same for the head of a loop, where each round brings states of its own. */
  perLoop: 6,
  states: 8_000,
} as const;

export interface Exploration {
  readonly interpreter: AbstractInterpreter;
  readonly exits: readonly Exit[];
  readonly states: number;
  readonly merged: boolean;
  /** Why the walk was given up, or null. */
  readonly gaveUp: string | null;
}

/** A set that still grows after this many joins at one block is taken to be any. */
const joinsBeforeWidening = 2;

export function explorePaths(graph: FunctionGraph, around: Surroundings): Exploration {
  return new Walk(graph, around).run();
}

/** The place of each block, by id, in reverse postorder. */
function reversePostorder(graph: FunctionGraph): readonly number[] {
  const order = graph.blocks.map(() => 0);
  const visited = new Set<number>([0]);
  let next = graph.blocks.length;
  const entered = (id: number): { id: number; left: number[] } => {
    const block = graph.blocks[id];
    return { id, left: block === undefined ? [] : [...successors(block.terminator)].reverse() };
  };
  const stack = [entered(0)];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const to = top.left.pop();
    if (to === undefined) {
      order[top.id] = --next;
      stack.pop();
    } else if (!visited.has(to)) {
      visited.add(to);
      stack.push(entered(to));
    }
  }
  return order;
}

class Walk {
  private readonly interpreter: AbstractInterpreter;
  private readonly codes: ErrorCodes;
  private readonly exits: Exits;
  private readonly guards: Guards;
  private readonly meeting: Meeting;
  private readonly seen = new Map<number, Set<string>>();
  private readonly joined = new Map<string, { state: PathState; joins: number }>();
  private readonly waiting = new Map<number, PathState[]>();
  private readonly taken = new Map<number, number>();
  private readonly order: readonly number[];
  private readonly loopHeads = new Set<number>();
  /** Blocks to which more than one way leads. */
  private readonly meets = new Set<number>();
  private states = 0;
  private merged = false;

  constructor(
    private readonly graph: FunctionGraph,
    private readonly around: Surroundings,
  ) {
    this.interpreter = new AbstractInterpreter(graph, around);
    const codes = new ErrorCodes(graph, this.interpreter, around);
    this.codes = codes;
    this.exits = new Exits(graph, this.interpreter, codes, around);
    this.guards = new Guards(graph, around);
    this.meeting = new Meeting(this.interpreter, liveness(graph));
    this.order = reversePostorder(graph);
    const reached = new Set<number>([0]);
    for (const block of graph.blocks) {
      for (const next of successors(block.terminator)) {
        if ((this.order[next] ?? 0) <= (this.order[block.id] ?? 0)) this.loopHeads.add(next);
        if (reached.has(next)) this.meets.add(next);
        reached.add(next);
      }
    }
  }

  run(): Exploration {
    const { graph, interpreter } = this;
    const start = new PathState({
      previous: null,
      event: { kind: 'start', function: graph.name },
      inside: null,
      span: graph.nameSpan,
      length: 0,
    });
    for (let index = 0; index < graph.parameterCount; index++) {
      const variable = graph.variables[index];
      if (variable === undefined) continue;
      start.store.set(
        interpreter.values.variable(index),
        interpreter.values.symbol(`parameter ${index}`, { kind: 'parameter', index, name: variable.name }),
      );
    }
    this.enter(0, start);
    let gaveUp: string | null = null;
    for (let id = this.nextBlock(); id !== undefined && gaveUp === null; id = this.nextBlock()) {
      const block = graph.blocks[id];
      const states = this.take(id);
      if (block === undefined) continue;
      for (const state of states) {
        if (++this.states > bounds.states) {
          gaveUp = `more than ${bounds.states} states`;
          break;
        }
        this.block(block, state);
      }
    }
    if (gaveUp === null) this.guards.reportDecided();
    this.exits.finish();
    return { interpreter, exits: this.exits.all, states: this.states, merged: this.merged, gaveUp };
  }

  private enter(id: number, state: PathState): void {
    this.meeting.project(id, state);
    // where only one way leads, no two paths can meet
    if (this.meets.has(id)) {
      const key = state.key();
      let seen = this.seen.get(id);
      if (seen === undefined) this.seen.set(id, (seen = new Set()));
      if (seen.has(key)) return;
      seen.add(key);
    }
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
  private take(id: number): readonly PathState[] {
    const states = this.waiting.get(id) ?? [];
    this.waiting.delete(id);
    const before = this.taken.get(id) ?? 0;
    this.taken.set(id, before + states.length);
    const bound = this.loopHeads.has(id) ? bounds.perLoop : bounds.perBlock;
    if (!this.meets.has(id) || before + states.length <= bound) return states;
    this.merged = true;
    const changed = new Map<string, PathState>();
    for (const state of states) {
      const ownership = `${id} ${state.ownershipKey()}`;
      const earlier = this.joined.get(ownership);
      if (earlier === undefined) {
        this.joined.set(ownership, { state, joins: 0 });
        changed.set(ownership, state);
        continue;
      }
      const joined = this.meeting.join(id, earlier.state, state, earlier.joins >= joinsBeforeWidening);
      const same = joined.key() === earlier.state.key();
      this.joined.set(ownership, { state: joined, joins: earlier.joins + 1 });
      if (!same) changed.set(ownership, joined);
    }
    return [...changed.values()].map((state) => state.clone());
  }

  private block(block: BasicBlock, state: PathState): void {
    let current: PathState[] = [state];
    block.instructions.forEach((instruction, index) => {
      const next: PathState[] = [];
      for (const one of current) next.push(...this.interpreter.run(one, instruction, `${block.id}.${index}`));
      current = next;
    });
    for (const one of current) this.terminate(block, one);
  }

  private terminate(block: BasicBlock, state: PathState): void {
    const { terminator } = block;
    switch (terminator.kind) {
      case 'goto':
        if (terminator.label !== null) this.around.left?.(state, this.interpreter.values, terminator);
        if (terminator.label !== null) state.step({ kind: 'goto', label: terminator.label }, terminator.span);
        this.enter(terminator.to, state);
        return;
      case 'branch':
        this.branch(block, terminator, state);
        return;
      case 'switch': {
        const { values } = this.interpreter;
        const value = this.interpreter.evaluate(state, terminator.value);
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
          taken.step({ kind: 'case', label: one.text }, terminator.span);
          this.enter(one.to, taken);
        }
        if (!isEmpty(rest) && state.restrict(values, value, rest)) {
          state.step({ kind: 'case', label: null }, terminator.span);
          this.enter(terminator.default, state);
        }
        return;
      }
      case 'return':
        this.exits.leave(state, terminator);
        return;
      case 'unreachable':
        return;
    }
  }

  private branch(block: BasicBlock, terminator: Extract<Terminator, { kind: 'branch' }>, state: PathState): void {
    const { values } = this.interpreter;
    const condition = this.interpreter.evaluate(state, terminator.condition);
    this.countDecides(state, terminator, condition);
    const record = this.guards.recordOf(block, terminator, state, this.originOf(state, terminator.condition));
    for (const value of [...state.untested.keys()])
      if (values.mentions(condition, value) && this.tells(state, condition, value)) this.interpreter.tested(state, value);
    const { text: written, negated } = this.guards.conditionText(terminator.condition.span);
    const otherwise = state.clone();
    if (state.restrict(values, condition, nonZero)) {
      record.then = true;
      this.codes.decide(state, terminator, condition, block.id, terminator.thenJumps, terminator.elseJumps);
      state.step({ kind: 'branch', condition: written, holds: !negated }, terminator.condition.span);
      this.enter(terminator.then, state);
    }
    if (otherwise.restrict(values, condition, zero)) {
      // `p ? p->x : 0` in an argument guards that expression; it does not say that p is NULL here
      if (terminator.source === 'conditional' && this.interpreter.comesFromOutside(condition)) {
        otherwise.untested.set(condition, { callee: '', acquires: false, allocates: false, trace: otherwise.trace, stored: false });
      }
      record.else = true;
      this.codes.decide(otherwise, terminator, condition, block.id, terminator.elseJumps, terminator.thenJumps);
      otherwise.step({ kind: 'branch', condition: written, holds: negated }, terminator.condition.span);
      this.enter(terminator.else, otherwise);
    }
  }

  /** Whether a condition can tell the failure that a value stands for: a test for NULL can't tell an ERR_PTR. */
  private tells(state: PathState, condition: ValueId, value: ValueId): boolean {
    const { values } = this.interpreter;
    const node = values.node(condition);
    const forNull =
      condition === value ||
      (node.kind === 'compare' && state.constantOf(values, node.right) === 0 && (node.operator === '==' || node.operator === '!='));
    return !forNull || !isSubset(state.setOf(values, value), errors);
  }

  /** Where the value of a variable that is tested came from. */
  private originOf(state: PathState, condition: PureExpression): Origin | null {
    const tested = condition.kind === 'unary' ? condition.operand : condition.kind === 'binary' ? condition.left : condition;
    if (tested.kind !== 'variable') return null;
    const node = this.interpreter.values.node(this.interpreter.read(state, this.interpreter.values.variable(tested.variable)));
    return node.kind === 'symbol' ? node.origin : null;
  }

  private countDecides(state: PathState, terminator: Extract<Terminator, { kind: 'branch' }>, condition: ValueId): void {
    const { values } = this.interpreter;
    const read: { callee: string; count: string }[] = [];
    const look = (id: ValueId): void => {
      const node = values.node(id);
      if (node.kind === 'symbol' && node.origin.kind === 'call' && node.origin.counts !== null) {
        read.push({ callee: node.origin.callee, count: node.origin.counts });
      }
      if (node.kind === 'compare') {
        look(node.left);
        look(node.right);
      } else if (node.kind === 'operation') node.operands.forEach(look);
    };
    look(condition);
    const [first] = read;
    if (first === undefined) return;
    this.around.report({
      kind: 'count-decides',
      span: terminator.condition.span,
      trace: state.trace,
      subject: this.around.text(terminator.condition.span),
      callee: first.callee,
      count: first.count,
    });
  }
}
