// One path of a scenario, from choice to choice: which task comes next, who may run, what is checked when one ends.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { Lacking } from '../../scenario/resolve.js';
import { ChoiceNeeded, threadLimit, type Later } from '../machine/machine-state.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { Thread, deferredOperation, noOperation, setupOperation, teardownOperation } from '../machine/thread.js';
import { deferredCell, type Races } from './races.js';
import { SchedulingPoints } from './scheduling-points.js';
import { argumentsOf, lackingOf, type Operation, type Script } from './script.js';
import { stateKey } from './state-key.js';

const nothing: ReadonlyMap<number, Later> = new Map();

/** Numbers that threads have. */
const threadNumbers = Array.from({ length: threadLimit }, (_, at) => at);

/** Steps of one operation, after which its path is given up. */
const longestOperation = 200_000;
/** Steps of one operation, after which it is watched for coming back to a state it was in. */
const suspicious = 20_000;

export type Event =
  | { readonly kind: 'choice'; readonly of: 'fault' | 'input'; readonly name: string; readonly count: number }
  /** One of these threads goes on; `current` could, where `preempts`, and stands first then. */
  | { readonly kind: 'schedule'; readonly threads: readonly number[]; readonly preempts: boolean }
  /** The thread that ran can't go on, and of the others this one alone can. */
  | { readonly kind: 'handover'; readonly thread: number }
  | { readonly kind: 'operation'; readonly operation: Operation }
  /** Nothing is left but teardown, which makes its first step next. */
  | { readonly kind: 'teardown' }
  /** Nothing is left to do, or the path ended early; `bound` says that it was given up. */
  | { readonly kind: 'end'; readonly bound: string | null };

/** Told of every step as it is made. */
export interface Watcher {
  began(operation: Operation): void;
  answered(operation: Operation): void;
  /** The running thread is about to make its step; it may be undone, then it is told again. */
  before(): void;
  after(): void;
}

/** Told of what happens on a path between its events. */
export interface PathListener {
  /** It is an operation's turn; those of its references are told that were not given. */
  turn(operation: Operation, lacking: readonly Lacking[]): void;
  /** Two threads stand before uses of the same bytes, of which one writes and one is plain. */
  readonly dataRace?: ((one: Thread, other: Thread) => void) | null;
  /** Told of every step. */
  readonly watcher?: Watcher;
}

export class Path {
  private readonly points: SchedulingPoints;
  private readonly watcher: Watcher | null;
  private watched = '';
  private made = 0;

  constructor(
    readonly machine: SimulatedMachine,
    readonly script: Script,
    races: Races,
    private readonly listener: PathListener,
  ) {
    this.points = new SchedulingPoints(machine.core, races, () => this.isAlone(), listener.dataRace ?? null);
    this.watcher = listener.watcher ?? null;
  }

  /** The machine stands before setup, and nobody runs. */
  begin(): void {
    const { core } = this.machine;
    core.threads = [new Thread(0, this.script.threads[0]?.name ?? 'main')];
    core.current = 0;
    this.resume();
    this.start(this.script.setup, []);
  }

  /** The running thread stops when it is that one and has made so many steps; null for never. */
  stopAt(where: { readonly thread: number; readonly steps: number } | null): void {
    this.points.stopAt = where;
  }

  /** Steps made since the last call. */
  takeSteps(): number {
    const { made } = this;
    this.made = 0;
    return made;
  }

  /** Before the first operation of a scenario nothing has been answered. */
  forgetAnswers(): void {
    this.machine.core.answers = this.script.operations.map(() => NaN);
  }

  /** Sets what follows from a restored state. */
  resume(): void {
    this.machine.core.granted = false;
    this.watched = '';
    this.watch();
  }

  decide(decisions: readonly number[]): void {
    this.machine.choices.decisions = [...decisions];
  }

  switchTo(thread: number): void {
    const { machine } = this;
    // Who begins has not come to anything yet: where it does, others may stand before the same.
    this.machine.core.granted = (machine.core.threads[thread]?.frames.length ?? 0) > 0;
    if (this.isIdle(thread)) this.startDeferred(thread);
    machine.core.current = thread;
    if (machine.core.running.waiting?.kind !== 'threads') return;
    machine.core.running.waiting = null;
    this.watch();
  }

  /** Runs until something is to be decided, an operation has ended, or nothing is left. */
  advance(): Event {
    const { machine } = this;
    for (;;) {
      if (machine.core.isOver()) return { kind: 'end', bound: null };
      const thread = machine.core.running;
      if (thread.waiting?.kind === 'threads' || thread.finished) {
        const event = this.schedule(false);
        if (event) return event;
        continue;
      }
      if (thread.frames.length === 0) {
        if (thread.operation !== noOperation) {
          const ended = this.ended(thread);
          if (machine.core.isOver() || ended === 'callback') continue;
          if (ended) return { kind: 'operation', operation: ended };
        }
        if (!this.next(thread)) return { kind: 'end', bound: null };
        if (thread.operation === teardownOperation) return { kind: 'teardown' };
        continue;
      }
      const { stopAt } = this.points;
      if (stopAt?.thread === thread.id && thread.steps >= stopAt.steps) {
        this.arrive();
        const event = this.schedule(true);
        if (event) return event;
      }
      const event = this.run(machine.core.running);
      if (event) return event;
    }
  }

  /** Lets a thread make steps; what is to be decided then, if anything is. */
  private run(thread: Thread): Event | null {
    const { machine, watcher } = this;
    const { steps } = thread;
    const stood = thread.standing !== null || thread.inside !== null;
    const singly = watcher !== null || this.points.stopAt !== null || thread.instructions > suspicious;
    watcher?.before();
    // What it stood before is done with that step.
    const stop = singly ? machine.step() : machine.run(stood ? 1 : suspicious + 1 - thread.instructions);
    this.made += thread.steps - steps;
    if (stop instanceof ChoiceNeeded) return { kind: 'choice', of: stop.kind, name: stop.call, count: stop.count };
    if (stop === 'yielded') return this.schedule(true);
    if (stop === 'stopped') {
      watcher?.after();
      return null;
    }
    if (stop === 'waits') {
      machine.core.granted = false;
      return this.schedule(false);
    }
    if (stood) {
      thread.inside = null;
      thread.standing = null;
    }
    watcher?.after();
    if (thread.instructions > longestOperation)
      return { kind: 'end', bound: `an operation ran more than ${longestOperation.toLocaleString('en')} steps` };
    if (thread.instructions > suspicious) this.noticeLoop(thread);
    return null;
  }

  /** A thread that others come before has come to its next step all the same: to a structure, where that is what it does. */
  private arrive(): void {
    const { top } = this.machine.core.running;
    if (!top || (!top.fn.model && top.fn.info[top.pc]?.kind !== 'call')) return;
    this.points.arriving = true;
    try {
      this.machine.step();
    } finally {
      this.points.arriving = false;
    }
  }

  /** With one thread and no choice, a state that comes back comes back for ever. */
  private noticeLoop(thread: Thread): void {
    if (thread.instructions % 5000 === 1) this.watched = stateKey(this.machine);
    else if (this.watched !== '' && thread.id === 0 && stateKey(this.machine) === this.watched)
      this.machine.report('live-lock', 'loops for ever: the state repeats and nobody else can change it');
  }

  // ---- tasks -----------------------------------------------------------------------------------------------------

  /** Begins what the thread does next; false where that was all. */
  private next(thread: Thread): boolean {
    const { machine, script } = this;
    if (thread.id === 0) {
      if (this.runLater()) return true;
    }
    const tasks = script.threads[thread.id]?.tasks ?? [];
    const task = tasks[thread.position];
    if (!task) {
      if (thread.id !== 0) {
        thread.finished = true;
        return true;
      }
      if (thread.position > tasks.length) return false;
      thread.position++;
      this.start(script.teardown, []);
      return true;
    }
    thread.position++;
    if (task.kind === 'operation') {
      this.listener.turn(task.operation, lackingOf(task.operation, machine.core.answers));
      const values = argumentsOf(task.operation, machine.core.answers, machine.choices.faults > 0);
      if (values) this.start(task.operation, values);
      return true;
    }
    for (const id of task.threads) machine.core.threads[id] = new Thread(id, script.threads[id]?.name ?? '');
    thread.waiting = { kind: 'threads' };
    this.watch();
    return true;
  }

  /** Runs, in the running thread, something that was put off; false where nothing is due. */
  private runLater(when?: Later['when']): boolean {
    const later = this.machine.deferred.takeLater(when);
    if (!later) return false;
    this.enterDeferred(later);
    return true;
  }

  /** The running thread begins what was put off. */
  private enterDeferred({ when, fn, argument }: Later): void {
    const { machine } = this;
    const thread = machine.core.running;
    thread.operation = deferredOperation;
    thread.instructions = 0;
    // Interrupts do it, softly.
    if (when === 'timer' || when === 'grace-period') thread.atomic = [when === 'timer' ? "a timer's function" : "call_rcu()'s callback"];
    const found = machine.functionAt(fn, 'a callback');
    if (found === null) return;
    const known = typeof found !== 'string';
    if (thread.deferred !== null) thread.name = `${known ? found.name : found}()`;
    if (known) machine.enter(found, [argument], -1);
    else machine.core.assumeUnknown('callee', found, 'does nothing', `${found}() taken to do nothing`);
  }

  // ---- what is put off, while threads run --------------------------------------------------------------------------

  /** Threads that do what is put off have the numbers after those of the script. */
  private isIdle(id: number): boolean {
    return id >= this.script.threads.length && (this.machine.core.threads[id]?.deferred ?? null) === null;
  }

  /** What may begin now, by the thread that would do it. */
  private startable(): ReadonlyMap<number, Later> {
    const { machine } = this;
    if (machine.deferred.laters.length === 0) return nothing;
    const due = machine.deferred.due();
    const idle = threadNumbers.filter((id) => this.isIdle(id));
    if (due.length > idle.length)
      machine.core.assume('construct', 'work and callbacks', `no more than ${threadNumbers.length - this.script.threads.length} at a time`);
    return new Map(due.slice(0, idle.length).map((later, at) => [idle[at] ?? 0, later]));
  }

  private startDeferred(id: number): void {
    const { machine } = this;
    const later = this.startable().get(id);
    if (!later) throw new Error(`nothing is to be done by thread ${id}`);
    for (let before = machine.core.threads.length; before <= id; before++) {
      const idle = new Thread(before, '');
      idle.finished = true;
      machine.core.threads[before] = idle;
    }
    machine.deferred.laters = machine.deferred.laters.filter((each) => each !== later);
    this.points.changes(deferredCell);
    machine.core.current = id;
    const thread = machine.core.running;
    thread.finished = false;
    thread.deferred = later;
    this.enterDeferred(later);
  }

  private start(operation: Operation, values: readonly Value[]): void {
    const { machine } = this;
    const thread = machine.core.running;
    thread.operation = operation.index;
    thread.capabilities = operation.capabilities;
    thread.fallible = 0;
    thread.inputs = 0;
    thread.instructions = 0;
    thread.result = NaN;
    this.watcher?.began(operation);
    machine.enter(operation.driver, operation.index === setupOperation ? (argumentsOf(operation, [], false) ?? []) : values, -1);
  }

  /** What the thread's call was; a callback may have to run before that counts as ended. */
  private ended(thread: Thread): Operation | 'callback' | null {
    const { machine, script } = this;
    const { operation: index } = thread;
    thread.operation = noOperation;
    thread.queued = null;
    this.checkLetGo(thread);
    if (index === deferredOperation) {
      thread.atomic = [];
      thread.deferred = null;
      this.points.changes(deferredCell);
    }
    if (index === setupOperation) return script.setup;
    if (index === teardownOperation) return script.teardown;
    const operation = script.operations[index];
    if (operation) {
      machine.core.answers = machine.core.answers.map((answer, at) => (at === index ? thread.result : answer));
      thread.answered = index;
      this.watcher?.answered(operation);
    }
    if (thread.answered === noOperation) return null;
    // A grace period that nobody holds up is over: what call_rcu() was given is no more at rest than what kfree_rcu() was.
    while (thread.id === 0 && !machine.core.isOver() && this.runLater('grace-period')) if (thread.frames.length > 0) return 'callback';
    const { answered } = thread;
    thread.operation = noOperation;
    thread.answered = noOperation;
    return script.operations[answered] ?? null;
  }

  /** Back in user space nothing is held. */
  private checkLetGo(thread: Thread): void {
    const { machine } = this;
    const held = [...thread.locks.map((lock) => lock.what), ...(thread.readers > 0 ? ['rcu_read_lock()'] : [])];
    if (held.length === 0) return;
    machine.report('lock-imbalance', `returns to user space with ${held.join(' and ')} held`, { goesOn: false });
  }

  // ---- threads ---------------------------------------------------------------------------------------------------

  private schedule(couldGoOn: boolean): Event | null {
    const { machine } = this;
    const others = machine.core.threads.filter((thread) => this.couldGoOn(thread));
    const runnable = [...others.map((thread) => thread.id), ...this.startable().keys()];
    if (couldGoOn) {
      if (runnable.length > 0) return { kind: 'schedule', threads: [machine.core.current, ...runnable], preempts: true };
      this.machine.core.granted = true;
      return null;
    }
    const only = runnable[0];
    if (runnable.length > 1) return { kind: 'schedule', threads: runnable, preempts: false };
    if (only !== undefined) return { kind: 'handover', thread: only };
    const main = machine.core.threads[0];
    if (main?.waiting?.kind === 'threads' && machine.core.threads.every((thread) => thread.id === 0 || thread.finished)) {
      // All orders come together here.
      return { kind: 'schedule', threads: [0], preempts: false };
    }
    this.deadlock();
    return null;
  }

  /** It does not run, and is not waiting for anything. */
  private couldGoOn(thread: Thread): boolean {
    const { machine } = this;
    return thread.id !== machine.core.current && !thread.finished && thread.waiting?.kind !== 'threads' && machine.ready(thread);
  }

  /** No other thread could go on now. */
  private isAlone(): boolean {
    for (const thread of this.machine.core.threads) if (this.couldGoOn(thread)) return false;
    return this.startable().size === 0;
  }

  private deadlock(): void {
    const { machine } = this;
    const stuck = machine.core.threads.filter((thread) => !thread.finished && thread.waiting?.kind !== 'threads');
    const words = stuck.map((thread) => {
      const { waiting } = thread;
      const holder =
        waiting?.kind === 'lock'
          ? machine.core.threads.find((each) => each.locks.some((lock) => lock.address === waiting.address))
          : undefined;
      const what =
        waiting?.kind === 'lock'
          ? `in ${waiting.what} for a lock${holder ? ` that ${holder.name} holds` : ''}`
          : waiting?.kind === 'readers'
            ? 'for a grace period'
            : waiting?.kind === 'deferred'
              ? 'for work to end'
              : 'for a wake-up';
      return `${thread.name} waits ${what}`;
    });
    const first = stuck[0];
    if (first) machine.core.current = first.id;
    machine.report('deadlock', `nobody can go on: ${words.join(', ')}`);
  }

  /** Accesses matter to others only while there are others. */
  private watch(): void {
    const { core } = this.machine;
    const among = core.threads[0]?.waiting?.kind === 'threads';
    core.others = among ? this.points : null;
  }
}
