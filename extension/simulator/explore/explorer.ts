// Goes through the paths of a scenario depth first: every fallible call failing, every free input, every order of threads
// where it matters, within bounds; states that were seen are not gone on from again.
import { canonicalKey } from './canonical.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import type { MachineState, RawError, Stack } from '../machine/machine-state.js';
import { Path } from './path.js';
import { Races } from './races.js';
import type { ScheduledFault, Input, Schedule, Switch } from './schedule.js';
import type { Lacking } from '../../scenario/resolve.js';
import type { Operation, Script } from './script.js';
import { stateKey } from './state-key.js';
import { teardownOperation, type Thread } from '../machine/thread.js';

export interface PassBounds {
  readonly faults: number;
  /** null: any number. */
  readonly preemptions: number | null;
}

export interface ExploreLimits {
  readonly executions: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly cancelled: () => boolean;
  /** States before a teardown that showed no error; shared by all scenarios with one setup. */
  readonly settled: Set<string>;
  /** Goes on from a state between operations though it was seen, so that what follows is told for every path. */
  readonly everySuffix: boolean;
  /** Takes no state for another that other faults led to, so that what follows is told for each of them. */
  readonly everyFault: boolean;
  /** Without reduction: a scheduling point before every access, and no state is taken for another. For tests. */
  readonly reduced: boolean;
}

export interface Totals {
  executions: number;
  readonly states: Set<string>;
  transitions: number;
  pruned: number;
}

/** A call that failed, with the calls that led there. */
export interface TakenFault extends ScheduledFault {
  readonly stack: Stack;
}

/** How the path got where it is. */
export interface Taken {
  readonly schedule: Schedule;
  readonly faults: readonly TakenFault[];
  readonly preemptions: number;
}

export interface Visitor {
  /** It is an operation's turn; those of its references are told that were not given. Errors may be reported to the machine. */
  turn(operation: Operation, lacking: readonly Lacking[]): void;
  /** An operation has ended, or setup or teardown; errors may be reported to the machine. */
  ended(operation: Operation, taken: () => Taken): void;
  /** What is left of the path answers nothing more; `bound` says that it was given up. */
  answered(taken: () => Taken, bound: string | null): void;
  /** Two threads stand before uses of the same bytes, of which one writes and one is plain; null where nobody asks. */
  readonly dataRace: ((one: Thread, other: Thread) => void) | null;
  /** A path has ended. */
  path(errors: readonly RawError[], taken: () => Taken, complete: boolean): void;
}

interface Node {
  readonly state: MachineState;
  readonly kind: 'fault' | 'input' | 'schedule';
  readonly name: string;
  readonly options: readonly number[];
  next: number;
  readonly decisions: readonly number[];
  readonly preemptions: number;
  readonly preempts: boolean;
  readonly faults: number;
  readonly inputs: number;
  readonly runs: number;
  readonly errors: number;
}

export class Explorer {
  private readonly races = new Races();
  private readonly path: Path;
  private nodes: Node[] = [];
  private faults: TakenFault[] = [];
  private inputs: Input[] = [];
  private runs: { thread: number; until: number | null }[] = [];
  private preemptions = 0;
  private events = 0;
  /** The state before the teardown that runs, and the errors so far. */
  private leaving: string | null = null;
  private leavingErrors = 0;
  private readonly base: MachineState;

  /** The machine stands after setup, which is where every path begins. */
  constructor(
    private readonly machine: SimulatedMachine,
    script: Script,
    private readonly limits: ExploreLimits,
    private readonly totals: Totals,
    private readonly visitor: Visitor,
  ) {
    this.path = new Path(machine, script, limits.reduced ? this.races : new EveryAccess(), stateKey);
    this.path.onForced = (thread, steps, next) => this.ran(thread, steps, next);
    this.path.onTurn = (operation, lacking) => visitor.turn(operation, lacking);
    this.path.onDataRace = visitor.dataRace;
    this.path.forgetAnswers();
    this.base = machine.save();
  }

  /** All paths within the bounds; what ended it early, or null. */
  pass(bounds: PassBounds): string | null {
    for (;;) {
      const before = this.races.found;
      const stopped = this.once(bounds);
      // With new scheduling points there are orders that were not tried.
      if (stopped !== null || this.races.found === before) return stopped;
    }
  }

  private once(bounds: PassBounds): string | null {
    const { machine, path } = this;
    const seen = new Set<string>();
    let bound: string | null = null;
    this.nodes = [];
    this.faults = [];
    this.inputs = [];
    this.runs = [];
    this.preemptions = 0;
    this.leaving = null;
    machine.restore(this.base);
    machine.errors = [];
    machine.faultsAllowed = bounds.faults;
    path.resume();
    for (;;) {
      const event = path.advance();
      this.totals.transitions += path.takeSteps();
      this.events++;
      if ((this.events & 63) === 0) {
        if (this.limits.cancelled()) return 'cancelled';
        if (Date.now() > this.limits.deadline) return 'the time is up';
      }
      if (event.kind === 'operation') {
        this.visitor.ended(event.operation, this.taken);
        if (this.atRest(event.operation, bounds, seen) && !this.prune()) return bound;
        continue;
      }
      if (event.kind === 'end') {
        bound ??= event.bound;
        this.visitor.answered(this.taken, event.bound);
        this.visitor.path(machine.errors, this.taken, event.bound === null);
        this.totals.executions++;
        if (this.totals.executions >= this.limits.executions) return `${this.limits.executions.toLocaleString('en')} paths are run`;
        if (!this.backtrack()) return bound;
        continue;
      }
      if (event.kind === 'choice') {
        const options = Array.from({ length: event.count }, (_, at) => at);
        this.branch(event.of, event.name, options, false, this.machine.decisions);
        continue;
      }
      const key = this.key(bounds, event.threads[0] ?? 0);
      this.totals.states.add(key);
      if (seen.has(key) && this.limits.reduced) {
        if (!this.prune()) return bound;
        continue;
      }
      seen.add(key);
      const left = bounds.preemptions === null ? Infinity : bounds.preemptions - this.preemptions;
      const options = event.preempts && left <= 0 ? event.threads.slice(0, 1) : event.threads;
      this.branch('schedule', '', options, event.preempts, []);
    }
  }

  /** Whether what follows is known: from here by another path, or as a teardown that went well. */
  private atRest(operation: Operation, bounds: PassBounds, seen: Set<string>): boolean {
    const { machine, path, limits } = this;
    if (!limits.reduced || machine.halted || machine.current !== 0) return false;
    if (operation.index === teardownOperation) {
      if (this.leaving !== null && machine.errors.length === this.leavingErrors) limits.settled.add(this.leaving);
      return false;
    }
    const last = path.isLast();
    // A path without choices is the only one.
    if (!last && bounds.faults === 0 && this.nodes.length === 0) return false;
    const state = canonicalKey(machine);
    if (last) {
      if (limits.settled.has(state)) {
        this.visitor.answered(this.taken, null);
        this.totals.executions++;
        return true;
      }
      this.leaving = state;
      this.leavingErrors = machine.errors.length;
    }
    const key = `${operation.index} ${this.faultKey()} ${machine.answers.join()} ${state}`;
    if (limits.everySuffix) return false;
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  }

  private key(bounds: PassBounds, current: number): string {
    const { machine } = this;
    // What is left of the bounds makes a difference to what can follow; without a bound it does not.
    const cost = bounds.preemptions === null ? '' : `${this.preemptions} ${current}`;
    return `${stateKey(machine)} ${this.faultKey()} ${cost}`;
  }

  /** What it matters of the faults so far: how many there were, or which. */
  private faultKey(): string {
    return this.limits.everyFault ? faultsKey(this.faults) : String(this.machine.faults);
  }

  private branch(kind: Node['kind'], name: string, options: readonly number[], preempts: boolean, decisions: readonly number[]): void {
    const node: Node = {
      state: this.machine.save(),
      kind,
      name,
      options,
      next: 0,
      decisions: [...decisions],
      preemptions: this.preemptions,
      preempts,
      faults: this.faults.length,
      inputs: this.inputs.length,
      runs: this.runs.length,
      errors: this.machine.errors.length,
    };
    if (options.length > 1) this.nodes.push(node);
    this.take(node);
  }

  /** Goes on with the node's next option; the machine is in the node's state. */
  private take(node: Node): void {
    const { machine, path } = this;
    const option = node.options[node.next++] ?? 0;
    const thread = machine.running;
    if (node.kind === 'schedule') {
      if (node.preempts && node.next > 1) this.preemptions++;
      if (this.runs.length > 0 || option !== thread.id || !node.preempts) this.ran(thread.id, thread.steps, option);
      path.switchTo(option);
      return;
    }
    if (node.kind === 'input') this.inputs.push({ operation: thread.operation, nth: thread.inputs + 1 + node.decisions.length, option });
    else if (option === 1) {
      const { operation } = thread;
      this.faults.push({ operation, nth: thread.fallible + 1 + node.decisions.length, name: node.name, stack: machine.stack() });
    }
    path.decide([...node.decisions, option]);
  }

  /** The thread that ran has made so many steps; another goes on. */
  private ran(thread: number, steps: number, next: number): void {
    const last = this.runs[this.runs.length - 1];
    if (last?.thread === next || next === 0) return;
    if (last) this.runs[this.runs.length - 1] = { thread: last.thread, until: last.thread === thread ? steps : last.until };
    else if (thread !== 0) this.runs.push({ thread, until: steps });
    this.runs.push({ thread: next, until: null });
  }

  /** What follows from here is known; what went wrong on the way here is not. */
  private prune(): boolean {
    this.visitor.path(this.machine.errors, this.taken, false);
    this.totals.pruned++;
    return this.backtrack();
  }

  private backtrack(): boolean {
    const { machine } = this;
    for (;;) {
      const node = this.nodes[this.nodes.length - 1];
      if (!node) return false;
      if (node.next >= node.options.length) {
        this.nodes.pop();
        continue;
      }
      machine.restore(node.state);
      machine.errors.length = node.errors;
      this.preemptions = node.preemptions;
      this.faults.length = node.faults;
      this.inputs.length = node.inputs;
      this.runs.length = node.runs;
      const last = this.runs[this.runs.length - 1];
      if (last) this.runs[this.runs.length - 1] = { thread: last.thread, until: null };
      this.path.resume();
      this.take(node);
      return true;
    }
  }

  private readonly taken = (): Taken => ({
    schedule: {
      faults: this.faults.map(({ operation, nth }) => ({ operation, nth })),
      inputs: [...this.inputs],
      runs: this.runs.map((run): Switch => ({ ...run })),
    },
    faults: [...this.faults],
    preemptions: this.preemptions,
  });
}

/** The same for the same calls that failed, in the same order, whatever their numbers in their operations. */
export function faultsKey(faults: readonly TakenFault[]): string {
  return faults.map(({ operation, name, stack }) => [operation, name, ...stack.map(({ fn, pc }) => `${fn.id}.${pc}`)].join(':')).join(',');
}

/** For runs without reduction. */
class EveryAccess extends Races {
  override has(): boolean {
    return true;
  }
}
