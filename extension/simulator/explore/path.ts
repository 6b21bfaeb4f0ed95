// One path of a scenario, from choice to choice: which task comes next, who may run, what is checked when one ends.
import type { Value } from '../../kernel/intrinsics/machine.js';
import { ChoiceNeeded, allocatingThread, ownerOf, yielded, type Later } from '../machine/machine-state.js';
import type { SimulatedMachine } from '../machine/simulated-machine.js';
import { blockSpacing, type MemoryBlock } from '../machine/simulated-memory.js';
import { deferredCell, noBlock, type Cell, type Races } from './races.js';
import type { Lacking } from '../../scenario/resolve.js';
import { argumentsOf, lackingOf, type Operation, type Script } from './script.js';
import { Thread, deferredOperation, noOperation, setupOperation, teardownOperation, type Inside } from '../machine/thread.js';

/** Marks a block of the heap that threads other than its maker may reach; among its cells, so that it can be undone. */
const published = 'published';

const nothing: ReadonlyMap<number, Later> = new Map();

/** Numbers that threads have; blocks that they allocate are named by them (`heapIds`). */
const threadNumbers = [0, 1, 2, 3, 4, 5, 6, 7];

/** Steps of one operation, after which its path is given up. */
const longestOperation = 200_000;
/** Steps of one operation, after which it is watched for coming back to a state it was in. */
const suspicious = 20_000;

export type Event =
  | { readonly kind: 'choice'; readonly of: 'fault' | 'input'; readonly name: string; readonly count: number }
  /** One of these threads goes on; `current` could, where `preempts`, and stands first then. */
  | { readonly kind: 'schedule'; readonly threads: readonly number[]; readonly preempts: boolean }
  | { readonly kind: 'operation'; readonly operation: Operation }
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

export class Path {
  /** The running thread may make its next step though others may care. */
  private granted = false;
  /** A step is only come to, and not made. */
  private arriving = false;
  private watched = '';
  private made = 0;
  /** No other thread runs. */
  private alone = false;
  /** Told when a thread goes on because the one before it could not: that one's number and steps, and who goes on. */
  onForced: (thread: number, steps: number, next: number) => void = () => undefined;
  /** Told of two threads that stand before uses of the same bytes, of which one writes and one is plain. */
  onDataRace: ((one: Thread, other: Thread) => void) | null = null;
  /** Told of each operation of the scenario as its turn comes, with those of its references that were not given. */
  onTurn: (operation: Operation, lacking: readonly Lacking[]) => void = () => undefined;
  /** Asks who goes on when that thread has made so many steps. */
  stopAt: { readonly thread: number; readonly steps: number } | null = null;

  watcher: Watcher | null = null;

  constructor(
    readonly machine: SimulatedMachine,
    readonly script: Script,
    private readonly races: Races,
    /** Of the state's control part, to notice a loop that changes nothing. */
    private readonly key: (m: SimulatedMachine) => string,
  ) {}

  /** Puts the machine before the first operation: setup has run. False where it did not go through; see its errors. */
  begin(): boolean {
    const { machine, script } = this;
    machine.threads = [new Thread(0, script.threads[0]?.name ?? 'main')];
    machine.current = 0;
    this.resume();
    this.start(script.setup, []);
    for (;;) {
      const event = this.advance();
      if (event.kind === 'operation' && event.operation === script.setup) break;
      if (event.kind !== 'operation') return false;
    }
    if (machine.running.result < 0) machine.report('bug', `the model's setup answers ${machine.running.result}`);
    return !machine.halted && machine.errors.length === 0;
  }

  /** Nothing but teardown is left to do. */
  isLast(): boolean {
    const main = this.machine.threads[0];
    return main?.position === (this.script.threads[0]?.tasks.length ?? 0);
  }

  /** Steps made since the last call. */
  takeSteps(): number {
    const { made } = this;
    this.made = 0;
    return made;
  }

  /** Before the first operation of a scenario nothing has been answered. */
  forgetAnswers(): void {
    this.machine.answers = this.script.operations.map(() => NaN);
  }

  /** Sets what follows from a restored state. */
  resume(): void {
    this.granted = false;
    this.watched = '';
    this.watch();
  }

  decide(decisions: readonly number[]): void {
    this.machine.decisions = [...decisions];
  }

  switchTo(thread: number): void {
    const { machine } = this;
    // Who begins has not come to anything yet: where it does, others may stand before the same.
    this.granted = (machine.threads[thread]?.frames.length ?? 0) > 0;
    if (this.isIdle(thread)) this.startDeferred(thread);
    machine.current = thread;
    if (machine.running.waiting?.kind !== 'threads') return;
    machine.running.waiting = null;
    this.watch();
  }

  /** Runs until something is to be decided, an operation has ended, or nothing is left. */
  advance(): Event {
    const { machine } = this;
    for (;;) {
      if (machine.isOver()) return { kind: 'end', bound: null };
      const thread = machine.running;
      if (thread.waiting?.kind === 'threads' || thread.finished) {
        const event = this.schedule(false);
        if (event) return event;
        continue;
      }
      if (thread.frames.length === 0) {
        if (thread.operation !== noOperation) {
          const ended = this.ended(thread);
          if (machine.isOver() || ended === 'callback') continue;
          if (ended) return { kind: 'operation', operation: ended };
        }
        if (!this.next(thread)) return { kind: 'end', bound: null };
        continue;
      }
      if (this.alone && this.watcher === null) {
        this.made += machine.runPlainly(1000);
        if (machine.isOver()) continue;
      }
      if (this.stopAt?.thread === thread.id && thread.steps >= this.stopAt.steps) {
        this.arrive();
        const event = this.schedule(true);
        if (event) return event;
      }
      const joined = thread.top?.fn.info[thread.top.pc]?.joined === true;
      this.watcher?.before();
      try {
        const result = machine.step();
        if (machine.stoppedInside) {
          machine.stoppedInside = false;
          this.watcher?.after();
          continue;
        }
        machine.decisions = [];
        if (result === 'blocked') {
          this.granted = false;
          const event = this.schedule(false);
          if (event) return event;
          continue;
        }
      } catch (signal) {
        if (signal instanceof ChoiceNeeded) return { kind: 'choice', of: signal.kind, name: signal.call, count: signal.count };
        if (signal !== yielded) throw signal;
        const event = this.schedule(true);
        if (event) return event;
        continue;
      }
      thread.steps++;
      thread.inside = null;
      thread.standing = null;
      this.made++;
      this.watcher?.after();
      // The model is no code under review: what it does at once is one step to others, up to where it waits or calls back.
      if (!joined && thread.top?.fn.model !== true) this.granted = false;
      if (thread.instructions > suspicious) {
        if (thread.instructions > longestOperation)
          return { kind: 'end', bound: `an operation ran more than ${longestOperation.toLocaleString('en')} steps` };
        this.noticeLoop(thread);
      }
    }
  }

  /** A thread that others come before has come to its next step all the same: to a structure, where that is what it does. */
  private arrive(): void {
    const { top } = this.machine.running;
    if (!top || (!top.fn.model && top.fn.info[top.pc]?.kind !== 'call')) return;
    this.arriving = true;
    try {
      this.machine.step();
    } catch (signal) {
      if (signal !== yielded && !(signal instanceof ChoiceNeeded)) throw signal;
    } finally {
      this.arriving = false;
    }
  }

  /** With one thread and no choice, a state that comes back comes back for ever. */
  private noticeLoop(thread: Thread): void {
    if (thread.instructions % 5000 === 1) this.watched = this.key(this.machine);
    else if (this.watched !== '' && thread.id === 0 && this.key(this.machine) === this.watched)
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
      this.onTurn(task.operation, lackingOf(task.operation, machine.answers));
      const values = argumentsOf(task.operation, machine.answers, machine.faults > 0);
      if (values) this.start(task.operation, values);
      return true;
    }
    for (const id of task.threads) machine.threads[id] = new Thread(id, script.threads[id]?.name ?? '');
    thread.waiting = { kind: 'threads' };
    this.watch();
    return true;
  }

  /** Runs, in the running thread, something that was put off; false where nothing is due. */
  private runLater(when?: Later['when']): boolean {
    const later = this.machine.takeLater(when);
    if (!later) return false;
    this.enterDeferred(later);
    return true;
  }

  /** The running thread begins what was put off. */
  private enterDeferred({ when, fn, argument }: Later): void {
    const { machine } = this;
    const thread = machine.running;
    thread.operation = deferredOperation;
    thread.instructions = 0;
    // Interrupts do it, softly.
    if (when === 'timer' || when === 'grace-period') thread.atomic = [when === 'timer' ? "a timer's function" : "call_rcu()'s callback"];
    const found = machine.functionAt(fn, 'a callback');
    if (found === null) return;
    const known = typeof found !== 'string';
    if (thread.deferred !== null) thread.name = `${known ? found.name : found}()`;
    if (known) machine.enter(found, [argument], -1);
    else machine.assumeUnknown('callee', found, 'does nothing', `${found}() taken to do nothing`);
  }

  // ---- what is put off, while threads run --------------------------------------------------------------------------

  /** Threads that do what is put off have the numbers after those of the script. */
  private isIdle(id: number): boolean {
    return id >= this.script.threads.length && (this.machine.threads[id]?.deferred ?? null) === null;
  }

  /** What may begin now, by the thread that would do it. */
  private startable(): ReadonlyMap<number, Later> {
    const { machine } = this;
    if (machine.laters.length === 0) return nothing;
    const due = machine.due();
    const idle = threadNumbers.filter((id) => this.isIdle(id));
    if (due.length > idle.length)
      machine.assume('construct', 'work and callbacks', `no more than ${threadNumbers.length - this.script.threads.length} at a time`);
    return new Map(due.slice(0, idle.length).map((later, at) => [idle[at] ?? 0, later]));
  }

  private startDeferred(id: number): void {
    const { machine } = this;
    const later = this.startable().get(id);
    if (!later) throw new Error(`nothing is to be done by thread ${id}`);
    for (let before = machine.threads.length; before <= id; before++) {
      const idle = new Thread(before, '');
      idle.finished = true;
      machine.threads[before] = idle;
    }
    machine.laters = machine.laters.filter((each) => each !== later);
    machine.current = id;
    const thread = machine.running;
    thread.finished = false;
    thread.deferred = later;
    this.enterDeferred(later);
  }

  private start(operation: Operation, values: readonly Value[]): void {
    const { machine } = this;
    const thread = machine.running;
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
    }
    if (index === setupOperation) return script.setup;
    if (index === teardownOperation) return script.teardown;
    const operation = script.operations[index];
    if (operation) {
      machine.answers = machine.answers.map((answer, at) => (at === index ? thread.result : answer));
      thread.answered = index;
      this.watcher?.answered(operation);
    }
    if (thread.answered === noOperation) return null;
    // A grace period that nobody holds up is over: what call_rcu() was given is no more at rest than what kfree_rcu() was.
    while (thread.id === 0 && !machine.isOver() && this.runLater('grace-period')) if (thread.frames.length > 0) return 'callback';
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
    const others = machine.threads.filter(
      (thread) => thread.id !== machine.current && !thread.finished && thread.waiting?.kind !== 'threads' && machine.ready(thread),
    );
    const runnable = [...others.map((thread) => thread.id), ...this.startable().keys()];
    if (couldGoOn) {
      if (runnable.length > 0) return { kind: 'schedule', threads: [machine.current, ...runnable], preempts: true };
      this.granted = true;
      return null;
    }
    const only = runnable[0];
    if (runnable.length > 1) return { kind: 'schedule', threads: runnable, preempts: false };
    if (only !== undefined) {
      this.onForced(machine.current, machine.running.steps, only);
      this.switchTo(only);
      return null;
    }
    const main = machine.threads[0];
    if (main?.waiting?.kind === 'threads' && machine.threads.every((thread) => thread.id === 0 || thread.finished)) {
      // All orders come together here.
      return { kind: 'schedule', threads: [0], preempts: false };
    }
    this.deadlock();
    return null;
  }

  private deadlock(): void {
    const { machine } = this;
    const stuck = machine.threads.filter((thread) => !thread.finished && thread.waiting?.kind !== 'threads');
    const words = stuck.map((thread) => {
      const { waiting } = thread;
      const holder =
        waiting?.kind === 'lock' ? machine.threads.find((each) => each.locks.some((lock) => lock.address === waiting.address)) : undefined;
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
    if (first) machine.current = first.id;
    machine.report('deadlock', `nobody can go on: ${words.join(', ')}`);
  }

  /** Accesses matter to others only while there are others. */
  private watch(): void {
    const { machine } = this;
    const among = machine.threads[0]?.waiting?.kind === 'threads';
    this.alone = !among;
    machine.memory.onAccess = among ? this.onAccess : null;
    machine.memory.onPointer = among ? this.onPointer : null;
    machine.shared = among ? this.isShared : null;
    machine.onPiece = among ? this.onPiece : null;
    machine.onInside = among ? this.onInside : null;
    machine.onReaders = among ? this.onReaders : null;
    machine.onDeferred = among ? this.onDeferred : null;
  }

  /** Each access of a step that is several to others is granted by itself. */
  private readonly onPiece = {
    before: (made: number): void => {
      const { running } = this.machine;
      if (this.stopAt?.thread === running.id && running.steps + made >= this.stopAt.steps) throw yielded;
    },
    after: (): void => {
      this.granted = false;
    },
  };

  private readonly isShared = (block: MemoryBlock): boolean =>
    block.kind !== 'string' && block.kind !== 'function' && !this.isPrivate(block);

  /** Memory of a thread's own that no other can have found yet, as no address of it is where another could look. */
  private isPrivate(block: MemoryBlock): boolean {
    const { current } = this.machine;
    if (block.kind === 'stack') return ownerOf(block) === current && !block.cells.has(published);
    return block.kind === 'heap' && current !== 0 && allocatingThread(block) === current && !block.cells.has(published);
  }

  private readonly onPointer = (holder: MemoryBlock, value: number): void => {
    if (this.isPrivate(holder)) return;
    const target = this.machine.memory.block(Math.floor(value / blockSpacing));
    if (target && this.isPrivate(target)) this.publish(target);
  };

  /** Others may find it from now on, and what it points to. */
  private publish(block: MemoryBlock): void {
    const { memory } = this.machine;
    memory.setQuietly(block, published, 1);
    for (const value of [...block.cells.values()]) {
      const target = typeof value === 'number' && value >= blockSpacing ? memory.block(Math.floor(value / blockSpacing)) : undefined;
      if (target && this.isPrivate(target)) this.publish(target);
    }
  }

  private readonly onAccess = (block: MemoryBlock, key: number | string, bytes: number, write: boolean): void => {
    if (!this.isShared(block)) return;
    if (typeof key === 'string') this.touch(block.id, key, 1, write);
    else
      for (let at = key; at < key + bytes; at = (at | 7) + 1) {
        const end = Math.min((at | 7) + 1, key + bytes);
        const mask = ((1 << (end - at)) - 1) << (at & 7);
        if (this.onDataRace !== null) this.standBefore(block, at >> 3, mask, write);
        this.touch(block.id, at >> 3, mask, write);
      }
    if (block.kind !== 'global' && key !== 'life') this.touch(block.id, 'life', 1, false);
  };

  /** Where the running thread has come, if others may go first: they may be about to use the same. */
  private standBefore(block: MemoryBlock, word: number, bytes: number, write: boolean): void {
    const { machine, races } = this;
    if (this.granted || !races.has(block.id, word, bytes)) return;
    const { running } = machine;
    const plain = running.top?.fn.info[running.top.pc]?.plain === true;
    running.standing = { block, word, bytes, write, plain };
    for (const other of machine.threads) {
      const { standing } = other;
      if (standing === null || other === running || standing.block.id !== block.id || standing.word !== word) continue;
      if ((standing.bytes & bytes) !== 0 && (standing.write || write) && (standing.plain || plain)) this.onDataRace?.(other, running);
    }
  }

  /** Who comes to a structure while another stands before it: both can be inside at once. */
  private readonly onInside = (block: MemoryBlock, kind: 'index' | 'list', inside: Inside): void => {
    if (!this.isShared(block)) return;
    const { machine } = this;
    for (const { id, name, inside: other } of machine.threads)
      if (id !== machine.current && other?.block === inside.block && other.cell === inside.cell && (other.changes || inside.changes))
        return machine.report(`${kind}-without-lock`, `${inside.what} while ${name} is in ${other.what}: nothing keeps them apart`);
    machine.running.inside = inside;
    this.touch(block.id, inside.cell, 1, inside.changes);
  };

  /** A thread's being a reader is as a variable of its own, which it writes and others read. */
  private readonly onReaders = (thread: number, enters: boolean): void => this.touch(noBlock, `reader ${thread}`, 1, enters);

  /** Whether it has begun makes a difference to whoever puts off, takes back or waits: others may always go first. */
  private readonly onDeferred = (): void => this.touch(noBlock, deferredCell, 1, true);

  private touch(block: number, cell: Cell, bytes: number, write: boolean): void {
    const { machine, races } = this;
    if (this.arriving) throw yielded;
    if (races.has(block, cell, bytes)) {
      if (!this.granted) throw yielded;
      return;
    }
    races.note(block, cell, { thread: machine.current, bytes, write, locks: machine.running.locks });
  }
}
