// The simulated machine: threads that run compiled functions on one memory, a step at a time. It does not choose; whoever
// drives it is told where a choice has to be made.
import type { Machine, Value } from '../../kernel/intrinsics/machine.js';
import type { Span } from '../../model/source.js';
import type { FunctionGraph } from '../../program/graph.js';
import type { CompiledFunction, RestArguments } from '../code/compile.js';
import type { CalleeTarget } from '../code/image.js';
import { LockingMachine } from './machine-locks.js';
import { ChoiceNeeded, stackIds, yielded, type MachineState } from './machine-state.js';
import { MemoryBlock } from './simulated-memory.js';
import { Frame, Thread } from './thread.js';

/** A number that no thread of a scenario has. */
const initialValues = 8;

export interface Unread {
  /** The place, and what is not understood there. */
  readonly why: string;
  /** Nothing of the function runs, so that the path ends there. */
  readonly whole: boolean;
}

export class SimulatedMachine extends LockingMachine implements Machine {
  /** What the operations of the scenario answered, by their index. */
  answers: readonly Value[] = [];
  private didBlock = false;

  /** Functions of the tree that were called on some path and are not analysed, or not as a whole; by name. */
  readonly unread = new Map<string, Unread>();

  /** Ends the path: it comes to a function that could not be read. */
  meetUnread(name: string): void {
    this.unread.set(name, { why: this.image.whyUnread(name) ?? '', whole: true });
    this.halted = true;
  }

  /** The path goes on, over a part of a function that is not understood. */
  meetUnreadPart({ name, file }: FunctionGraph, span: Span, text: string): void {
    if (!this.unread.has(name)) this.unread.set(name, { why: this.image.whyUnreadPart(file, span, text), whole: false });
  }

  // ---- running ---------------------------------------------------------------------------------------------------

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
    const { locks, atomic, readers, allocations, fallible, inputs, queued, waiting } = thread;
    const { frees, laters, faults, assumed } = this;
    try {
      step(this, frame);
    } catch (signal) {
      if (!(signal instanceof ChoiceNeeded) && signal !== yielded) throw signal;
      this.memory.undo(mark);
      thread.locks = locks;
      thread.atomic = atomic;
      thread.readers = readers;
      thread.queued = queued;
      thread.waiting = waiting;
      thread.allocations = allocations;
      thread.instructions--;
      this.frees = frees;
      this.laters = laters;
      this.faults = faults;
      this.assumed = assumed;
      thread.fallible = fallible;
      thread.inputs = inputs;
      throw signal;
    }
    if (this.hasBlocked()) {
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
    const { threads, current, decided, didBlock, pieces, come, shared } = this;
    this.threads = [new Thread(initialValues, 'initial values')];
    this.current = 0;
    this.pieces = null;
    this.shared = null;
    this.memory.permanently(() => {
      this.enter(fn, [], -1);
      while (!this.halted && this.step() === 'ran');
    });
    Object.assign(this, { threads, current, pieces, come, shared });
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
      assumed: this.assumed,
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
    this.assumed = state.assumed;
    this.halted = false;
  }

  /** Begins a call in the running thread; its result goes to the call at index `call` of the caller's code. */
  enter(fn: CompiledFunction, given: readonly Value[], call: number, rest?: RestArguments): void {
    const thread = this.running;
    if (thread.frames.length > 200) return this.report('bug', `more than 200 nested calls, the last of ${fn.name}()`);
    this.entered.add(fn);
    const slots: Value[] = new Array<Value>(fn.slotCount).fill(NaN);
    const first = stackIds + thread.id * 0x10000 + thread.stackBlocks;
    const site = this.site();
    fn.memoryLocals.forEach((local, at) => {
      const bytes = local.variable === fn.rest ? (rest?.bytes ?? 0) : local.bytes;
      const block = new MemoryBlock(first + at, 'stack', bytes, local.name, local.type, false, '', null, site);
      this.memory.add(block);
      slots[local.variable] = block.base;
    });
    thread.stackBlocks += fn.memoryLocals.length;
    fn.parameters.forEach((store, at) => {
      const value = given[at];
      if (value !== undefined) store(this, slots, value);
    });
    if (fn.rest !== null) rest?.store(this, Number(slots[fn.rest]), given);
    thread.frames.push(new Frame(fn, slots, call, first));
  }

  restArguments(): number | null {
    const frame = this.running.top;
    const slot = frame?.fn.rest ?? null;
    return frame === undefined || slot === null ? null : Number(frame.slots[slot]);
  }

  /** Returns from the running function. */
  leave(value: Value): void {
    const thread = this.running;
    const frame = thread.top;
    if (!frame) return;
    const caller = thread.frames[thread.frames.length - 2];
    const locals = frame.fn.memoryLocals.flatMap((_local, at) => this.memory.block(frame.firstBlock + at) ?? []);
    for (const block of locals) this.memory.onAccess?.(block, 'life', 0, true);
    // Before anything of the call is taken away, as this may have to wait for others.
    if (caller && frame.call >= 0) {
      caller.fn.results.get(frame.call)?.(this, caller, value);
      caller.pc++;
    } else if (!caller) thread.result = value;
    thread.frames.pop();
    for (const block of locals) this.memory.setState(block, 'freed');
    thread.stackBlocks -= frame.fn.memoryLocals.length;
  }

  /** The path goes no further, though nothing is wrong with this step. */
  end(): void {
    this.halted = true;
  }

  private hasBlocked(): boolean {
    return this.didBlock;
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
      case 'deferred':
        return !this.isLeft(waiting.which);
      case 'threads':
        return this.threads.every((other) => other === thread || other.finished);
    }
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

  /** The function that a pointer points to, or null after a report. */
  functionAt(pointer: Value, text: string): CalleeTarget | null {
    const found = this.memory.find(pointer, 0);
    const block = found instanceof MemoryBlock ? found : found.block;
    if (block?.kind === 'function') return this.image.functionOf(block);
    if (found instanceof MemoryBlock) this.report('wild-dereference', `calls '${text}', which points into ${found.name}`);
    else this.reportBad(found, `calls '${text}', which is`);
    return null;
  }
}
