// The simulated machine: threads that run compiled functions on one memory, a step at a time. It does not choose; whoever
// drives it is told where a choice has to be made.
import type { Allocation, Awaited, Deferred, Machine, NextArgument, Sleep, Value, blocked } from '../../kernel/intrinsics/machine.js';
import type { SimulationErrorKind } from '../../model/simulation.js';
import type { Span } from '../../model/source.js';
import type { FunctionGraph } from '../../program/graph.js';
import type { CompiledFunction, RestArguments } from '../code/compiled-function.js';
import type { CalleeTarget, Image } from './image.js';
import type { BitField } from '../code/layout.js';
import { Accesses } from './memory-accesses.js';
import { Choices } from './choices.js';
import { Core, type Unknown } from './core.js';
import { DeferredCalls } from './deferred-calls.js';
import { Heap } from './heap.js';
import { Locks } from './locks.js';
import { Log } from './log.js';
import { ChoiceNeeded, threadLimit, stackIds, yielded, type MachineState, type PendingFree } from './machine-state.js';
import { Readers } from './readers.js';
import { MemoryBlock } from './memory-block.js';
import { type SimulatedMemory } from './simulated-memory.js';
import { Sleeping } from './sleeping.js';
import { Frame, Thread, deferredOperation } from './thread.js';

/** A number that no thread of a scenario has. */
const initialValues = threadLimit;

/** Steps in which the initial value of a variable is worked out at a time. */
const longestInitialiser = 1_000_000;

/** Calls within calls on one path. */
const deepestCalls = 200;

/**
 * Why a thread ran no further: it has made its steps, or returned from its last call, or the path is over (`ran`); it waits; others may
 * go first, before its step or (`stopped`) between two accesses of it; or its step needs a decision.
 */
export type Stop = 'ran' | 'waits' | 'stopped' | 'yielded' | ChoiceNeeded;

/** What a step may change besides memory and slots, as it was before. */
interface Kept {
  /** Steps that had been made then. */
  made: number;
  locks: Thread['locks'];
  atomic: Thread['atomic'];
  readers: number;
  queued: Thread['queued'];
  waiting: Thread['waiting'];
  allocations: number;
  fallible: number;
  inputs: number;
  pending: readonly PendingFree[];
  laters: DeferredCalls['laters'];
  faults: number;
  assumed: readonly string[];
}

export interface Unread {
  /** The place, and what is not understood there. */
  readonly why: string;
  /** Nothing of the function runs, so that the path ends there. */
  readonly whole: boolean;
}

export class SimulatedMachine implements Machine {
  readonly core: Core;
  readonly choices: Choices;
  readonly deferred: DeferredCalls;
  readonly accesses: Accesses;
  private readonly readers: Readers;
  private readonly heap: Heap;
  private readonly locks: Locks;
  private readonly sleeping: Sleeping;
  private readonly log: Log;
  private didBlock = false;
  private readonly kept: Kept = {
    made: -1,
    locks: [],
    atomic: [],
    readers: 0,
    queued: null,
    waiting: null,
    allocations: 0,
    fallible: 0,
    inputs: 0,
    pending: [],
    laters: [],
    faults: 0,
    assumed: [],
  };

  constructor(memory: SimulatedMemory, image: Image) {
    this.core = new Core(memory, image);
    this.accesses = new Accesses(this.core);
    this.choices = new Choices(this.core);
    this.readers = new Readers(this.core);
    this.heap = new Heap(this.core, this.accesses, this.readers);
    this.deferred = new DeferredCalls(this.core, this.readers);
    this.locks = new Locks(this.core, this.accesses, this.readers);
    this.sleeping = new Sleeping(this.core, this.accesses, this.choices);
    this.log = new Log(this.core, this.accesses);
  }

  /** Functions of the tree that were called on some path and are not analysed, or not as a whole; by name. */
  readonly unread = new Map<string, Unread>();

  /** Ends the path: it comes to a function that could not be read. */
  meetUnread(name: string): void {
    this.unread.set(name, { why: this.core.image.whyUnread(name) ?? '', whole: true });
    this.core.halt();
  }

  /** The path goes on, over a part of a function that is not understood. */
  meetUnreadPart({ name, file }: FunctionGraph, span: Span, text: string): void {
    if (!this.unread.has(name)) this.unread.set(name, { why: this.core.image.whyUnreadPart(file, span, text), whole: false });
  }

  // ---- running ---------------------------------------------------------------------------------------------------

  /**
   * Runs at least so many steps of the running thread, up to where others could come between. Where a step needs a decision, or others may
   * go first, it is undone; where it waits, it is as if it had not come.
   */
  run(most: number): Stop {
    return this.going(most, (thread) => {
      let frame = thread.top;
      while (frame?.fn.run(this, frame)) frame = thread.top;
    });
  }

  /** The same of one step, which is told to the recorder. */
  step(): Stop {
    return this.going(1, ({ top }) => top?.fn.step(this, top));
  }

  private going(most: number, go: (thread: Thread) => void): Stop {
    const { core } = this;
    const thread = core.running;
    core.giveSteps(most);
    this.didBlock = false;
    core.yields = false;
    this.kept.made = -1;
    let stop: Stop = 'ran';
    try {
      go(thread);
      if (core.isYielding()) stop = 'yielded';
      else if (this.hasBlocked()) stop = 'waits';
      else if (core.pieces.takeStopped()) stop = 'stopped';
    } catch (signal) {
      if (!(signal instanceof ChoiceNeeded) && signal !== yielded) throw signal;
      stop = signal instanceof ChoiceNeeded ? signal : 'yielded';
    }
    if (stop === 'yielded' || stop instanceof ChoiceNeeded) this.undoStep(thread);
    const { made } = core;
    thread.instructions += made;
    thread.steps += made;
    return stop;
  }

  private undoStep(thread: Thread): void {
    const { core, heap, deferred, choices, kept } = this;
    core.memory.undo(core.stepMark);
    if (kept.made !== core.made) return;
    thread.locks = kept.locks;
    thread.atomic = kept.atomic;
    thread.readers = kept.readers;
    thread.queued = kept.queued;
    thread.waiting = kept.waiting;
    thread.allocations = kept.allocations;
    thread.fallible = kept.fallible;
    thread.inputs = kept.inputs;
    heap.pending = kept.pending;
    deferred.laters = kept.laters;
    choices.faults = kept.faults;
    core.assumed = kept.assumed;
  }

  /** The step that runs may change more than memory and slots. */
  beginCall(): void {
    const { core, heap, deferred, choices, kept } = this;
    const thread = core.running;
    choices.met = 0;
    kept.made = core.made;
    kept.locks = thread.locks;
    kept.atomic = thread.atomic;
    kept.readers = thread.readers;
    kept.queued = thread.queued;
    kept.waiting = thread.waiting;
    kept.allocations = thread.allocations;
    kept.fallible = thread.fallible;
    kept.inputs = thread.inputs;
    kept.pending = heap.pending;
    kept.laters = deferred.laters;
    kept.faults = choices.faults;
    kept.assumed = core.assumed;
  }

  /** The call was made as a whole. */
  endCall(): void {
    const thread = this.core.running;
    thread.inside = null;
    if (thread.decisions.length > 0) thread.decisions = [];
  }

  /** Runs a function to its end apart from all threads, as for the initial value of a variable. */
  runApart(fn: CompiledFunction): void {
    const { choices, core, didBlock, kept } = this;
    const { met } = choices;
    const keptBefore = { ...kept };
    core.apart(() => {
      core.threads = [new Thread(initialValues, 'initial values')];
      core.current = 0;
      core.memory.permanently(() => {
        this.enter(fn, [], -1);
        while (!core.halted && core.running.frames.length > 0 && this.run(longestInitialiser) === 'ran');
      });
    });
    choices.met = met;
    this.didBlock = didBlock;
    Object.assign(kept, keptBefore);
  }

  save(): MachineState {
    return {
      mark: this.core.memory.mark,
      threads: this.core.threads.map((thread) => thread.copy()),
      current: this.core.current,
      frees: this.heap.pending,
      laters: this.deferred.laters,
      faults: this.choices.faults,
      answers: this.core.answers,
      assumed: this.core.assumed,
      looked: this.core.looked,
    };
  }

  restore(state: MachineState): void {
    this.core.memory.undo(state.mark);
    this.core.threads = state.threads.map((thread) => thread.copy());
    this.core.current = state.current;
    this.heap.pending = state.frees;
    this.deferred.laters = state.laters;
    this.choices.faults = state.faults;
    this.core.answers = state.answers;
    this.core.assumed = state.assumed;
    this.core.looked = state.looked;
    this.core.halted = false;
  }

  /** Begins a call in the running thread; its result goes to the call at index `call` of the caller's code. */
  enter(fn: CompiledFunction, given: readonly Value[], call: number, rest?: RestArguments): Frame | null {
    const thread = this.core.running;
    if (thread.frames.length > deepestCalls) {
      this.core.report('bug', `more than ${deepestCalls} nested calls, the last of ${fn.name}()`);
      return null;
    }
    this.core.entered.add(fn);
    const slots = fn.empty.slice();
    const first = stackIds + thread.id * 0x10000 + thread.stackBlocks;
    const { memoryLocals } = fn;
    if (memoryLocals.length > 0) {
      const site = this.core.site();
      memoryLocals.forEach((local, at) => {
        const bytes = local.variable === fn.rest ? (rest?.bytes ?? 0) : local.bytes;
        const block = new MemoryBlock(first + at, 'stack', bytes, local.name, local.type, false, '', null, site);
        this.core.memory.add(block);
        slots[local.variable] = block.base;
      });
      thread.stackBlocks += memoryLocals.length;
    }
    fn.bind(this, slots, given);
    if (fn.rest !== null) rest?.store(this, Number(slots[fn.rest]), given);
    const frame = new Frame(fn, slots, call, first);
    thread.frames.push(frame);
    // The model is no code under review: what it does at once is one step to others, up to where it waits or calls back.
    if (!fn.model) this.core.granted = false;
    return frame;
  }

  restArguments(): number | null {
    const frame = this.core.running.top;
    const slot = frame?.fn.rest ?? null;
    return frame === undefined || slot === null ? null : Number(frame.slots[slot]);
  }

  /** Returns from the running function. */
  leave(value: Value): void {
    const thread = this.core.running;
    const frame = thread.top;
    if (!frame) return;
    const caller = thread.frames[thread.frames.length - 2];
    const { memory } = this.core;
    const locals = frame.fn.memoryLocals.length;
    for (let at = 0; at < locals; at++) {
      const block = memory.block(frame.firstBlock + at);
      if (block) memory.observer?.life(block, true);
    }
    // Before anything of the call is taken away, as this may have to wait for others.
    if (caller && frame.call >= 0) {
      caller.fn.take(this, caller, frame.call, value);
      caller.pc++;
    } else if (!caller) thread.result = value;
    thread.frames.pop();
    for (let at = 0; at < locals; at++) {
      const block = memory.block(frame.firstBlock + at);
      if (block) memory.setState(block, 'freed');
    }
    thread.stackBlocks -= locals;
    if (caller?.fn.model !== true) this.core.granted = false;
  }

  /** The path goes no further, though nothing is wrong with this step. */
  end(): void {
    this.core.halt();
  }

  private hasBlocked(): boolean {
    return this.didBlock;
  }

  /** The step that runs waits. */
  blockedHere(): void {
    this.didBlock = true;
    this.core.running.decisions = [];
  }

  /** Whether a waiting thread could go on now. */
  ready(thread: Thread): boolean {
    const { waiting } = thread;
    if (!waiting) return true;
    switch (waiting.kind) {
      case 'lock': {
        const owner = this.accesses.peek(waiting.address, 'lock');
        return owner === 0 || (waiting.mode === 'shared' && owner < 0);
      }
      case 'queue':
        return this.accesses.peek(waiting.address, 'wakes') !== waiting.since;
      case 'readers':
        return waiting.threads.every((id) => (this.core.threads[id]?.readers ?? 0) === 0);
      case 'deferred':
        return !this.deferred.isLeft(waiting.which);
      case 'threads':
        return this.core.threads.every((other) => other === thread || other.finished);
    }
  }

  // ---- the image -------------------------------------------------------------------------------------------------

  staticAddress(graph: FunctionGraph, variable: number): number {
    return this.core.image.staticAddress(this, graph, variable);
  }

  globalAddress(name: string, file: string): number {
    return this.core.image.globalAddress(this, name, file);
  }

  stringAddress(text: string): number {
    return this.core.image.stringAddress(text);
  }

  functionAddress(name: string, file: string): number {
    return this.core.image.functionAddress(name, file);
  }

  /** As an argument: 0 for the name of a member; the model's variable for any other. */
  undefinedName(name: string, file: string): Value {
    const { image } = this.core;
    if (image.isMember(name)) return 0;
    image.assumeZero(name, file);
    return this.accesses.load(this.globalAddress(name, file), 8, true);
  }

  /** The function that a pointer points to, or null after a report. */
  functionAt(pointer: Value, text: string): CalleeTarget | null {
    const found = this.core.memory.find(pointer, 0);
    const block = found instanceof MemoryBlock ? found : found.block;
    if (block?.kind === 'function') return this.core.image.functionOf(block);
    if (found instanceof MemoryBlock) this.core.report('wild-dereference', `calls '${text}', which points into ${found.name}`);
    else this.accesses.reportBad(found, `calls '${text}', which is`);
    return null;
  }

  // ---- what code asks for: each part of the machine answers for its own ------------------------------------------------

  get thread(): number {
    return this.core.current;
  }

  /** Frees that wait for readers of RCU. */
  get pendingFrees(): readonly PendingFree[] {
    return this.heap.pending;
  }

  get inReader(): boolean {
    return this.readers.inside;
  }

  get amongThreads(): boolean {
    return this.deferred.amongThreads;
  }

  load(address: Value, bytes: 1 | 2 | 4 | 8, signed: boolean): Value {
    return this.accesses.load(address, bytes, signed);
  }

  store(address: Value, bytes: 1 | 2 | 4 | 8, value: Value): void {
    this.accesses.store(address, bytes, value);
  }

  loadBits(address: Value, field: BitField, signed: boolean): Value {
    return this.accesses.loadBits(address, field, signed);
  }

  storeBits(address: Value, field: BitField, value: Value): void {
    this.accesses.storeBits(address, field, value);
  }

  fill(address: Value, byte: number, bytes: number): void {
    this.accesses.fill(address, byte, bytes);
  }

  copy(to: Value, from: Value, bytes: number): void {
    this.accesses.copy(to, from, bytes);
  }

  copyString(to: Value, from: Value, bytes: number): void {
    this.accesses.copyString(to, from, bytes);
  }

  forget(address: Value, bytes: number): void {
    this.accesses.forget(address, bytes);
  }

  text(address: Value): string {
    return this.accesses.text(address);
  }

  hidden(address: Value, key: string): Value | undefined {
    return this.accesses.hidden(address, key);
  }

  setHidden(address: Value, key: string, value: Value | undefined): void {
    this.accesses.setHidden(address, key, value);
  }

  usable(address: Value, what: string): boolean {
    return this.accesses.usable(address, what);
  }

  glance(address: Value): Value | undefined {
    return this.accesses.glance(address);
  }

  inPieces<T>(step: (m: SimulatedMachine, f: Frame, given: T) => void, frame: Frame, given: T): void {
    this.core.pieces.inPieces(() => step(this, frame, given));
  }

  allocate(allocation: Allocation): number {
    return this.heap.allocate(allocation);
  }

  bytesAt(address: Value): number | undefined {
    return this.heap.bytesAt(address);
  }

  free(address: Value, options: { readonly by: string; readonly afterGracePeriod?: boolean }): void {
    this.heap.free(address, options);
  }

  later(when: Deferred['when'], fn: Value, argument: Value): void {
    this.deferred.later(when, fn, argument);
  }

  takeLater(when: Deferred['when']): Deferred | undefined {
    return this.deferred.takeLater(when);
  }

  cancelLater(fn: Value, argument: Value): boolean {
    return this.deferred.cancelLater(fn, argument);
  }

  isDeferred(fn: Value, argument: Value): 'queued' | 'runs' | null {
    return this.deferred.isDeferred(fn, argument);
  }

  awaitDeferred(which: Awaited, what: string): typeof blocked | 0 {
    return this.deferred.await(which, what);
  }

  fails(name: string): boolean {
    return this.choices.fails(name);
  }

  choose(name: string, count: number): number {
    return this.choices.choose(name, count);
  }

  enterAtomic(what: string): void {
    this.sleeping.enterAtomic(what);
  }

  leaveAtomic(what: string): void {
    this.sleeping.leaveAtomic(what);
  }

  sleeps(what: string): void {
    this.sleeping.sleeps(what);
  }

  waitOn(queue: Value, stands?: boolean): typeof blocked | 0 {
    return this.sleeping.waitOn(queue, stands);
  }

  standIn(queue: Value, sleep: Sleep): void {
    this.sleeping.standIn(queue, sleep);
  }

  leaveQueue(queue: Value): void {
    this.sleeping.leaveQueue(queue);
  }

  sleepInQueue(): typeof blocked | 0 | null {
    return this.sleeping.sleepInQueue();
  }

  isWoken(): boolean {
    return this.sleeping.isWoken();
  }

  prepareSleep(sleep: Sleep): void {
    this.sleeping.prepareSleep(sleep);
  }

  isWaitedOn(queue: Value): boolean {
    return this.sleeping.isWaitedOn(queue);
  }

  wake(queue: Value): void {
    this.sleeping.wake(queue);
  }

  enterReader(): void {
    this.readers.enter();
  }

  leaveReader(): void {
    if (!this.readers.leave()) return;
    this.heap.left(this.core.current);
    this.deferred.left(this.core.current);
  }

  waitForReaders(): typeof blocked | 0 {
    return this.readers.await();
  }

  acquire(lock: Value, mode: 'exclusive' | 'shared', what: string): typeof blocked | 0 {
    return this.locks.acquire(lock, mode, what);
  }

  tryAcquire(lock: Value, mode: 'exclusive' | 'shared', what: string): boolean {
    return this.locks.tryAcquire(lock, mode, what);
  }

  release(lock: Value, mode: 'exclusive' | 'shared', what: string): void {
    this.locks.release(lock, mode, what);
  }

  holds(lock: Value): boolean {
    return this.locks.holds(lock);
  }

  goesInto(structure: Value, kind: 'index' | 'list', mode: 'changes' | 'looks', what: string): void {
    this.locks.goesInto(structure, kind, mode, what);
  }

  capable(capability: number): boolean {
    const { operation, capabilities } = this.core.running;
    // What is put off is done by the kernel itself.
    return operation === deferredOperation || capabilities.includes(capability);
  }

  report(kind: SimulationErrorKind, message: string, options?: Parameters<Core['report']>[2]): void {
    this.core.report(kind, message, options);
  }

  print(text: () => string): void {
    this.log.print(text);
  }

  format(format: string, next: NextArgument): string {
    return this.log.format(format, next);
  }

  assume(kind: Unknown, name: string, assumed: string): void {
    this.core.assume(kind, name, assumed);
  }
}
