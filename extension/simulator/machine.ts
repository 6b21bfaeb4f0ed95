// The simulated machine: threads that run compiled functions on one memory, a step at a time. It does not choose; whoever
// drives it is told where a choice has to be made.
import { blocked, type Allocation, type Machine, type Value } from '../kernel/intrinsics/machine.js';
import { mayFree, zeroSize } from '../kernel/intrinsics/slab.js';
import type { SimulationErrorKind } from '../model/simulation.js';
import type { FunctionGraph } from '../program/graph.js';
import type { CompiledFunction } from './compile.js';
import { convert, isIndeterminate, unsignedLong } from './arithmetic.js';
import type { Image } from './image.js';
import { Block, blockSpacing, type BadAccess, type Memory } from './memory.js';
import { countOffset } from './places.js';
import { formatPrintf } from './printf.js';
import { Frame, Thread, type HeldLock, type Waiting } from './thread.js';

/** A step that some thread was about to make: a function and an index into its code. */
export interface Site {
  readonly fn: CompiledFunction;
  readonly pc: number;
}

/** Calls from the innermost outwards. */
export type Stack = readonly Site[];

export interface RawError {
  readonly kind: SimulationErrorKind;
  readonly message: string;
  readonly thread: number;
  readonly stack: Stack;
  /** The object that it is about. */
  readonly block: Block | null;
}

/** Something that happens after a grace period, or when nothing else runs. */
export interface Later {
  readonly when: 'grace-period' | 'work';
  readonly fn: Value;
  readonly argument: Value;
  /** Readers that have to leave first. */
  readonly readers: readonly number[];
}

interface PendingFree {
  readonly block: Block;
  readonly readers: readonly number[];
}

/** The parts of the machine besides its memory; cheap to copy. */
export interface MachineState {
  readonly mark: number;
  readonly threads: readonly Thread[];
  readonly current: number;
  readonly frees: readonly PendingFree[];
  readonly laters: readonly Later[];
  readonly faults: number;
  readonly answers: readonly Value[];
}

/** Thrown through the running step, which is then undone: it needs a decision. */
export class ChoiceNeeded {
  constructor(
    readonly kind: 'fault' | 'input',
    readonly name: string,
    readonly count: number,
  ) {}
}

/** Thrown through the running step, which is then undone: others may go first. */
export const yielded = Symbol('yielded');

/** What a recording of a path is told. */
export interface Recorder {
  print(text: string): void;
  decided(kind: 'fault' | 'input', name: string, option: number): void;
  /** A branch is taken, or not. */
  branched(taken: boolean): void;
  /** What an address points to, as a person says it. */
  pointer(address: Value): string;
}

const heapIds = 0x10000;
/** The thread that allocated a block of the heap. */
export function allocatorOf(block: Block): number {
  return (block.id - heapIds) % 8;
}
const stackIds = 0x8000000;

export class SimulatedMachine implements Machine {
  threads: Thread[] = [];
  current = 0;
  /** The path is over: an error that ends it, or BUG(). */
  halted = false;
  errors: RawError[] = [];
  /** Decisions for the choices of the step that runs now, in their order. */
  decisions: number[] = [];
  private decided = 0;
  /** Fallible calls that may still fail on this path, and that have failed. */
  faultsAllowed = 0;
  faults = 0;
  /** What the operations of the scenario answered, by their index. */
  answers: readonly Value[] = [];
  frees: readonly PendingFree[] = [];
  laters: readonly Later[] = [];
  recorder: Recorder | null = null;
  /** Functions that were called since somebody emptied it. */
  readonly entered = new Set<CompiledFunction>();
  private didBlock = false;

  constructor(
    readonly memory: Memory,
    readonly image: Image,
  ) {}

  // ---- running ---------------------------------------------------------------------------------------------------

  get thread(): number {
    return this.current;
  }

  get running(): Thread {
    const thread = this.threads[this.current];
    if (!thread) throw new Error('no thread runs');
    return thread;
  }

  /**
   * Runs one step of the running thread. `blocked`: it waits and nothing happened. Throws `ChoiceNeeded` or `yielded`
   * after undoing what the step did.
   */
  step(): 'ran' | 'blocked' | 'returned' {
    const thread = this.running;
    const frame = thread.top;
    if (!frame) return 'returned';
    const step = frame.fn.code[frame.pc];
    if (!step) throw new Error(`${frame.fn.name}() runs past its end`);
    this.decided = 0;
    this.didBlock = false;
    thread.instructions++;
    const mark = this.memory.mark;
    const { locks, atomic, readers, allocations, fallible, inputs } = thread;
    const { frees, laters, faults } = this;
    try {
      step(this, frame);
    } catch (signal) {
      if (!(signal instanceof ChoiceNeeded) && signal !== yielded) throw signal;
      this.memory.undo(mark);
      thread.locks = locks;
      thread.atomic = atomic;
      thread.readers = readers;
      thread.allocations = allocations;
      thread.instructions--;
      this.frees = frees;
      this.laters = laters;
      this.faults = faults;
      thread.fallible = fallible;
      thread.inputs = inputs;
      throw signal;
    }
    if (this.didBlock) {
      thread.instructions--;
      return 'blocked';
    }
    return thread.frames.length === 0 ? 'returned' : 'ran';
  }

  /**
   * Runs steps of the running thread that need no decision and that no other thread could see, up to the next call or
   * return or `most` of them; how many it made.
   */
  runPlainly(most: number): number {
    const thread = this.running;
    const frame = thread.top;
    if (!frame) return 0;
    const { code, info } = frame.fn;
    let made = 0;
    while (made < most && !this.halted) {
      const step = code[frame.pc];
      const kind = info[frame.pc]?.kind;
      if (step === undefined || kind === 'call' || kind === 'return') break;
      step(this, frame);
      made++;
    }
    thread.instructions += made;
    thread.steps += made;
    return made;
  }

  /** Runs a function to its end apart from all threads, as for the initial value of a variable. */
  runApart(fn: CompiledFunction): void {
    const { threads, current, decided, didBlock, decisions } = this;
    this.threads = [new Thread(7, 'initial values')];
    this.current = 0;
    this.decisions = [];
    this.memory.permanently(() => {
      this.enter(fn, [], -1);
      while (!this.halted && this.step() === 'ran');
    });
    Object.assign(this, { threads, current, decisions });
    this.decided = decided;
    this.didBlock = didBlock;
  }

  save(): MachineState {
    return {
      mark: this.memory.mark,
      threads: this.threads.map((thread) => thread.copy()),
      current: this.current,
      frees: this.frees,
      laters: this.laters,
      faults: this.faults,
      answers: this.answers,
    };
  }

  restore(state: MachineState): void {
    this.memory.undo(state.mark);
    this.threads = state.threads.map((thread) => thread.copy());
    this.current = state.current;
    this.frees = state.frees;
    this.laters = state.laters;
    this.faults = state.faults;
    this.answers = state.answers;
    this.halted = false;
  }

  /** Begins a call in the running thread; its result goes to the call at index `call` of the caller's code. */
  enter(fn: CompiledFunction, given: readonly Value[], call: number): void {
    const thread = this.running;
    if (thread.frames.length > 200) return this.report('bug', `more than 200 nested calls, the last of ${fn.name}()`);
    this.entered.add(fn);
    const slots: Value[] = new Array<Value>(fn.slotCount).fill(NaN);
    const first = stackIds + thread.id * 0x10000 + thread.stackBlocks;
    const site = this.site();
    fn.memoryLocals.forEach((local, at) => {
      const block = new Block(first + at, 'stack', local.bytes, local.name, local.type, false, '', null, site);
      this.memory.add(block);
      slots[local.variable] = block.base;
    });
    thread.stackBlocks += fn.memoryLocals.length;
    fn.parameters.forEach((store, at) => {
      const value = given[at];
      if (value !== undefined) store(this, slots, value);
    });
    thread.frames.push(new Frame(fn, slots, call, first));
  }

  /** Returns from the running function. */
  leave(value: Value): void {
    const thread = this.running;
    const frame = thread.top;
    if (!frame) return;
    const caller = thread.frames[thread.frames.length - 2];
    // Before anything of the call is taken away, as this may have to wait for others.
    if (caller && frame.call >= 0) {
      caller.fn.results.get(frame.call)?.(this, caller, value);
      caller.pc++;
    } else if (!caller) thread.result = value;
    thread.frames.pop();
    frame.fn.memoryLocals.forEach((_local, at) => {
      const block = this.memory.block(frame.firstBlock + at);
      if (block) this.memory.setState(block, 'freed');
    });
    thread.stackBlocks -= frame.fn.memoryLocals.length;
  }

  /** The path goes no further, though nothing is wrong with this step. */
  end(): void {
    this.halted = true;
  }

  blockedHere(): void {
    this.didBlock = true;
  }

  /** Whether a waiting thread could go on now. */
  ready(thread: Thread): boolean {
    const { waiting } = thread;
    if (!waiting) return true;
    switch (waiting.kind) {
      case 'lock': {
        const owner = this.peek(waiting.address, 'lock');
        return owner === 0 || (waiting.mode === 'shared' && owner < 0);
      }
      case 'queue':
        return this.peek(waiting.address, 'wakes') !== waiting.since;
      case 'readers':
        return waiting.threads.every((id) => (this.threads[id]?.readers ?? 0) === 0);
      case 'threads':
        return this.threads.every((other) => other === thread || other.finished);
    }
  }

  // ---- memory ----------------------------------------------------------------------------------------------------

  private locate(address: Value, bytes: number, doing: string): Block | null {
    const found = this.memory.find(address, bytes);
    if (found instanceof Block) return found;
    this.reportBad(found, doing);
    return null;
  }

  private reportBad(bad: BadAccess, doing: string): void {
    this.report(bad.kind, `${doing} ${bad.message}${bad.kind === 'use-after-free' ? ', which is freed' : ''}`, { block: bad.block });
  }

  load(address: Value, bytes: 1 | 2 | 4 | 8, signed: boolean): Value {
    const block = this.locate(address, bytes, 'reads');
    return block ? this.memory.read(block, Number(address) - block.base, bytes, signed) : NaN;
  }

  store(address: Value, bytes: 1 | 2 | 4 | 8, value: Value): void {
    const block = this.locate(address, bytes, 'writes');
    if (block) this.memory.write(block, Number(address) - block.base, bytes, value);
  }

  fill(address: Value, byte: number, bytes: number): void {
    const block = this.locate(address, bytes, 'writes');
    if (block) this.memory.fill(block, Number(address) - block.base, byte, bytes);
  }

  copy(to: Value, from: Value, bytes: number): void {
    if (to === from) return;
    const source = this.locate(from, bytes, 'reads');
    const target = source && this.locate(to, bytes, 'writes');
    if (target) this.memory.copy(target, Number(to) - target.base, source, Number(from) - source.base, bytes);
  }

  copyString(to: Value, from: Value, bytes: number): void {
    const source = this.locate(from, 1, 'reads');
    this.fill(to, 0, bytes);
    if (source) this.copy(to, from, Math.min(bytes, source.size - (Number(from) - source.base)));
  }

  /** A local begins a new life. */
  forget(address: Value, bytes: number): void {
    const found = this.memory.find(address, bytes);
    if (found instanceof Block) for (const key of [...found.cells.keys()]) if (typeof key === 'number') this.memory.drop(found, key);
  }

  text(address: Value): string {
    const found = this.memory.find(address, 1);
    if (!(found instanceof Block)) return '?';
    const from = Number(address) - found.base;
    if (found.text !== null) return found.text.slice(from);
    let text = '';
    for (let at = from; at < found.size && text.length < 4096; at++) {
      const byte = this.memory.read(found, at, 1, false);
      if (typeof byte !== 'number' || Number.isNaN(byte) || byte === 0) break;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  hidden(address: Value, key: string): Value | undefined {
    const block = this.locate(address, 1, 'uses');
    return block ? this.memory.hidden(block, Number(address) - block.base, key) : undefined;
  }

  setHidden(address: Value, key: string, value: Value | undefined): void {
    const block = this.locate(address, 1, 'uses');
    if (block) this.memory.setHidden(block, Number(address) - block.base, key, value);
  }

  usable(address: Value, what: string): boolean {
    return this.locate(address, 1, `${what} uses`) !== null;
  }

  private peek(address: number, key: string): Value {
    const block = this.memory.block(Math.floor(address / blockSpacing));
    return block?.cells.get(`${address - block.base}:${key}`) ?? 0;
  }

  // ---- the image -------------------------------------------------------------------------------------------------

  staticAddress(graph: FunctionGraph, variable: number): number {
    return this.image.staticAddress(this, graph, variable);
  }

  globalAddress(name: string, file: string): number {
    return this.image.globalAddress(this, name, file);
  }

  stringAddress(text: string): number {
    return this.image.stringAddress(text);
  }

  functionAddress(name: string, file: string): number {
    return this.image.functionAddress(name, file);
  }

  /** As an argument: 0 for the name of a member; the model's variable for any other. */
  undefinedName(name: string, file: string): Value {
    return this.image.isMember(name) ? 0 : this.load(this.globalAddress(name, file), 8, true);
  }

  /** The function that a pointer points to, its name where only an intrinsic has it, or null after a report. */
  functionAt(pointer: Value, text: string): CompiledFunction | string | null {
    const found = this.memory.find(pointer, 0);
    const block = found instanceof Block ? found : found.block;
    if (block?.kind === 'function') return this.image.functionOf(block);
    if (found instanceof Block) this.report('wild-dereference', `calls '${text}', which points into ${found.name}`);
    else this.reportBad(found, `calls '${text}', which is`);
    return null;
  }

  // ---- the heap --------------------------------------------------------------------------------------------------

  allocate(allocation: Allocation): number {
    const thread = this.running;
    const id = heapIds + thread.allocations * 8 + thread.id;
    thread.allocations++;
    const { bytes, name, zeroed, by } = allocation;
    // A cache is named after what comes from it.
    const type = allocation.type ?? this.image.recordNamed(name);
    const size = Math.min(Math.max(1, bytes), blockSpacing - 4096);
    if (bytes > size) this.assume('construct', `${bytes} bytes of ${name}`, `${size} bytes are enough`);
    const block = new Block(id, 'heap', size, name, type, zeroed, by, null, this.stack());
    this.memory.add(block);
    return block.base;
  }

  free(address: Value, options: { readonly by: string; readonly afterGracePeriod?: boolean }): void {
    if (address === 0 || address === zeroSize) return;
    const found = this.memory.find(address, 0);
    if (!(found instanceof Block)) {
      if (found.kind === 'use-after-free')
        this.report('double-free', `frees ${found.message}, which is freed already`, { block: found.block });
      else this.reportBad(found, 'frees');
      return;
    }
    if (found.kind !== 'heap') return this.report('bug', `frees ${found.name}, which was not allocated`, { block: found });
    if (Number(address) !== found.base) return this.report('bug', `frees an address inside ${found.name}`, { block: found });
    if (found.state === 'waiting') return this.report('double-free', `frees ${found.name}, which waits to be freed`, { block: found });
    if (!mayFree(options.by, found.by))
      return this.report('bug', `frees ${found.name} as ${options.by} memory, which is from ${found.by}`, { block: found });
    const offset = countOffset(found.type, this.image.layout);
    const count = offset === undefined ? 0 : Number(found.cells.get(offset) ?? 0);
    if (count > 1) this.report('refcount', `frees ${found.name} while its count is ${count}`, { goesOn: true, block: found });
    // To others a free is a write to all of it.
    this.memory.onAccess?.(found, 'life', true);
    const readers = options.afterGracePeriod ? this.readers() : [];
    if (readers.length === 0) return this.memory.setState(found, 'freed');
    this.memory.setState(found, 'waiting');
    this.frees = [...this.frees, { block: found, readers }];
  }

  later(when: 'grace-period' | 'work', fn: Value, argument: Value): void {
    this.laters = [...this.laters, { when, fn, argument, readers: when === 'grace-period' ? this.readers() : [] }];
  }

  cancelLater(fn: Value, argument: Value): boolean {
    const rest = this.laters.filter((each) => each.fn !== fn || each.argument !== argument);
    const found = rest.length < this.laters.length;
    this.laters = rest;
    return found;
  }

  /** Takes the first thing off that nothing holds back any more. */
  takeLater(): Later | undefined {
    const next = this.laters.find((each) => each.readers.length === 0);
    if (next) this.laters = this.laters.filter((each) => each !== next);
    return next;
  }

  // ---- choices ---------------------------------------------------------------------------------------------------

  fails(name: string): boolean {
    this.running.fallible++;
    if (this.faults >= this.faultsAllowed || this.running.operation < 0) return false;
    const option = this.decide('fault', name, 2);
    if (option === 1) this.faults++;
    return option === 1;
  }

  choose(name: string, count: number): number {
    if (count <= 1) return 0;
    this.running.inputs++;
    return this.decide('input', name, count);
  }

  private decide(kind: 'fault' | 'input', name: string, count: number): number {
    const option = this.decisions[this.decided++];
    if (option === undefined) throw new ChoiceNeeded(kind, name, count);
    this.recorder?.decided(kind, name, option);
    return option;
  }

  // ---- sleeping and locks ----------------------------------------------------------------------------------------

  enterAtomic(what: string): void {
    this.running.atomic = [...this.running.atomic, what];
  }

  leaveAtomic(what: string): void {
    const { atomic } = this.running;
    const at = atomic.lastIndexOf(what);
    this.running.atomic = at < 0 ? atomic : [...atomic.slice(0, at), ...atomic.slice(at + 1)];
  }

  sleeps(what: string): void {
    const { atomic, readers } = this.running;
    const inside = atomic.at(-1) ?? (readers > 0 ? 'rcu_read_lock()' : undefined);
    if (inside !== undefined) this.report('sleep-in-atomic', `${what} may sleep inside ${inside}`, { goesOn: true });
  }

  waitOn(queue: Value): typeof blocked | 0 {
    if (!this.usable(queue, 'a wait')) return 0;
    const thread = this.running;
    const address = Number(queue);
    const wakes = Number(this.peek(address, 'wakes'));
    // As wait_event() does: queue first, look at the condition once more, only then sleep.
    if (thread.queued?.address !== address || thread.queued.wakes !== wakes) {
      thread.queued = { address, wakes };
      thread.waiting = null;
      return 0;
    }
    return this.wait({ kind: 'queue', address, since: wakes });
  }

  wake(queue: Value): void {
    const wakes = this.hidden(queue, 'wakes');
    if (!this.halted) this.setHidden(queue, 'wakes', Number(wakes ?? 0) + 1);
  }

  private wait(waiting: Waiting): typeof blocked {
    this.running.waiting = waiting;
    return blocked;
  }

  get inReader(): boolean {
    return this.running.readers > 0;
  }

  private readers(): number[] {
    return this.threads.filter((thread) => thread.readers > 0).map((thread) => thread.id);
  }

  enterReader(): void {
    this.running.readers++;
  }

  leaveReader(): void {
    const thread = this.running;
    if (thread.readers === 0) return this.report('lock-imbalance', 'rcu_read_unlock() without rcu_read_lock()');
    if (--thread.readers > 0) return;
    const without = (readers: readonly number[]): readonly number[] =>
      readers.includes(thread.id) ? readers.filter((id) => id !== thread.id) : readers;
    if (this.frees.length > 0) {
      const frees = this.frees.map(({ block, readers }) => ({ block, readers: without(readers) }));
      for (const { block, readers } of frees)
        if (readers.length === 0) {
          this.memory.onAccess?.(block, 'life', true);
          this.memory.setState(block, 'freed');
        }
      this.frees = frees.filter(({ readers }) => readers.length > 0);
    }
    if (this.laters.length > 0) this.laters = this.laters.map((each) => ({ ...each, readers: without(each.readers) }));
  }

  waitForReaders(): typeof blocked | 0 {
    const thread = this.running;
    const waited = thread.waiting?.kind === 'readers' ? thread.waiting.threads : this.readers();
    const left = waited.filter((id) => (this.threads[id]?.readers ?? 0) > 0);
    if (left.includes(thread.id)) {
      this.report('deadlock', 'waits for a grace period inside rcu_read_lock()');
      return 0;
    }
    if (left.length > 0) return this.wait({ kind: 'readers', threads: left });
    thread.waiting = null;
    return 0;
  }

  acquire(lock: Value, mode: 'exclusive' | 'shared', what: string): typeof blocked | 0 {
    const block = this.locate(lock, 1, `${what} uses`);
    if (!block) return 0;
    const thread = this.running;
    const address = Number(lock);
    const owner = Number(this.peek(address, 'lock'));
    if (owner > 0 || (owner < 0 && mode === 'exclusive')) {
      if (thread.locks.some((each) => each.address === address)) {
        this.report('deadlock', `${what} takes a lock that this thread holds`, { block });
        return 0;
      }
      return this.wait({ kind: 'lock', address, mode, what });
    }
    this.take(block, address, mode, what, owner);
    return 0;
  }

  tryAcquire(lock: Value, mode: 'exclusive' | 'shared', what: string): boolean {
    const block = this.locate(lock, 1, `${what} uses`);
    if (!block) return false;
    const owner = Number(this.memory.hidden(block, Number(lock) - block.base, 'lock') ?? 0);
    if (owner > 0 || (owner < 0 && mode === 'exclusive')) return false;
    this.take(block, Number(lock), mode, what, owner);
    return true;
  }

  private take(block: Block, address: number, mode: HeldLock['mode'], what: string, owner: number): void {
    const thread = this.running;
    this.memory.setHidden(block, address - block.base, 'lock', mode === 'exclusive' ? thread.id + 1 : owner - 1);
    thread.waiting = null;
    thread.locks = [...thread.locks, { address, mode, what }];
  }

  release(lock: Value, mode: 'exclusive' | 'shared', what: string): void {
    const block = this.locate(lock, 1, `${what} uses`);
    if (!block) return;
    const thread = this.running;
    const address = Number(lock);
    const at = thread.locks.findLastIndex((each) => each.address === address && each.mode === mode);
    if (at < 0) return this.report('lock-imbalance', `${what} without the lock held`, { block });
    thread.locks = [...thread.locks.slice(0, at), ...thread.locks.slice(at + 1)];
    const owner = Number(this.peek(address, 'lock'));
    this.memory.setQuietly(block, `${address - block.base}:lock`, mode === 'exclusive' || owner === -1 ? undefined : owner + 1);
  }

  holds(lock: Value): boolean {
    return this.running.locks.some((each) => each.address === lock);
  }

  // ---- what is said ----------------------------------------------------------------------------------------------

  capable(capability: number): boolean {
    return this.running.capabilities.includes(capability);
  }

  private site(): Site | null {
    const frame = this.running.top;
    return frame ? { fn: frame.fn, pc: frame.pc } : null;
  }

  /** The running thread's calls, innermost first. */
  stack(): Stack {
    return this.running.frames.map((frame) => ({ fn: frame.fn, pc: frame.pc })).reverse();
  }

  report(kind: SimulationErrorKind, message: string, options: { readonly goesOn?: boolean; readonly block?: Block | null } = {}): void {
    if (this.halted) return;
    this.errors.push({ kind, message, thread: this.current, stack: this.stack(), block: options.block ?? null });
    if (!options.goesOn) this.halted = true;
  }

  print(text: () => string): void {
    this.recorder?.print(text());
  }

  format(format: string, values: readonly Value[]): string {
    const pointer = (address: Value): string => this.recorder?.pointer(address) ?? 'an address';
    return formatPrintf(format, values, (address) => this.text(address), pointer);
  }

  assume(kind: 'callee' | 'construct' | 'constant' | 'type', name: string, assumed: string): void {
    this.image.assume(kind, name, assumed);
  }

  /** An address or number as a person reads it: `NULL`, `-ENOENT`, `&fuse_backing 1`, `0x10`. */
  shown(value: Value): string {
    if (isIndeterminate(value)) return 'indeterminate';
    if (typeof value === 'bigint') return `0x${BigInt(convert(value, unsignedLong)).toString(16)}`;
    return String(value);
  }
}
