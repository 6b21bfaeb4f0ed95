// A thread of the simulated kernel: its calls, and what it holds. Everything but the slots of its frames is replaced, not
// changed, so that a copy of a thread is cheap.
import { blocked, type Awaited, type Deferred, type Sleep, type Value } from '../../kernel/intrinsics/machine.js';
import type { CompiledFunction } from '../code/compiled-function.js';
import type { MemoryBlock } from './memory-block.js';

/** Operations that are not in the scenario, by index. */
export const setupOperation = -1;
export const teardownOperation = -2;
/** What was put off: work, timers and callbacks of RCU. */
export const deferredOperation = -3;
export const noOperation = -4;

/** Of a step that is made at once. */
export const noPieces: readonly Value[] = [];

export class Frame {
  pc = 0;

  constructor(
    readonly fn: CompiledFunction,
    /** Values of scalars, addresses of the blocks of others; by variable. */
    readonly slots: Value[],
    /** Index in the caller's code of the call, whose target takes the result; -1 where nobody waits for it. */
    readonly call: number,
    /** Locals in memory: ids of their blocks are `first` and up. */
    readonly firstBlock: number,
  ) {}

  copy(): Frame {
    const copy = new Frame(this.fn, this.slots.slice(), this.call, this.firstBlock);
    copy.pc = this.pc;
    return copy;
  }
}

/** What a thread waits for. */
export type Waiting =
  | { readonly kind: 'lock'; readonly address: number; readonly mode: 'exclusive' | 'shared'; readonly what: string }
  | { readonly kind: 'queue'; readonly address: number; readonly since: number }
  | { readonly kind: 'readers'; readonly threads: readonly number[] }
  | { readonly kind: 'deferred'; readonly which: Awaited }
  | { readonly kind: 'threads' };

export interface Inside {
  readonly block: number;
  readonly cell: string;
  readonly changes: boolean;
  readonly what: string;
}

/** A thread is about to use memory that others may use at the same time. */
export interface Standing {
  readonly block: MemoryBlock;
  /** The number of a word of 8 bytes. */
  readonly word: number;
  /** Of the word, a bit each, from the lowest address. */
  readonly bytes: number;
  readonly write: boolean;
  readonly plain: boolean;
}

export interface HeldLock {
  readonly address: number;
  readonly mode: 'exclusive' | 'shared';
  readonly what: string;
}

export class Thread {
  frames: Frame[] = [];
  /** Index of the next task of its script. */
  position = 0;
  finished = false;
  /** The operation that runs, by index; see script.ts. */
  operation = noOperation;
  /** What it does of what was put off, where it is a thread that does that while others run. */
  deferred: Deferred | null = null;
  /** The operation that has answered, while callbacks of RCU run before it counts as ended. */
  answered = noOperation;
  waiting: Waiting | null = null;
  locks: readonly HeldLock[] = [];
  /** What made it atomic, innermost last. */
  atomic: readonly string[] = [];
  /** Nesting of RCU read-side sections. */
  readers = 0;
  /** Allocations made so far: names of new blocks do not depend on what other threads did. */
  allocations = 0;
  /** Blocks of locals in use. */
  stackBlocks = 0;
  /** The queue that it stood in last, and how often that had been woken then. */
  queued: { readonly address: number; readonly wakes: number; readonly sleep: Sleep } | null = null;
  capabilities: readonly number[] = [];
  /** What the accesses of a step that stopped between two of them have given. */
  pieces: readonly Value[] = noPieces;
  /** The structure that its next step goes into, once it has come there. */
  inside: Inside | null = null;
  /** Before what its next step uses, once it has come there and others may go first. */
  standing: Standing | null = null;
  /** For the choices of the step that runs now, in their order. */
  decisions: number[] = [];
  /** Fallible calls of the running operation so far, as fail-nth counts them; and free inputs. */
  fallible = 0;
  inputs = 0;
  /** Steps since the thread began. */
  steps = 0;
  /** What the last operation answered. */
  result: Value = NaN;
  /** Instructions of the running operation, for bounds. */
  instructions = 0;

  constructor(
    readonly id: number,
    /** Of one that does what is put off, the function that it does last. */
    public name: string,
  ) {}

  get top(): Frame | undefined {
    return this.frames[this.frames.length - 1];
  }

  copy(): Thread {
    const copy = new Thread(this.id, this.name);
    copy.frames = this.frames.map((frame) => frame.copy());
    copy.position = this.position;
    copy.finished = this.finished;
    copy.operation = this.operation;
    copy.deferred = this.deferred;
    copy.answered = this.answered;
    copy.waiting = this.waiting;
    copy.locks = this.locks;
    copy.atomic = this.atomic;
    copy.readers = this.readers;
    copy.allocations = this.allocations;
    copy.stackBlocks = this.stackBlocks;
    copy.instructions = this.instructions;
    copy.queued = this.queued;
    copy.capabilities = this.capabilities;
    copy.pieces = this.pieces;
    copy.inside = this.inside;
    copy.standing = this.standing;
    copy.decisions = this.decisions;
    copy.fallible = this.fallible;
    copy.inputs = this.inputs;
    copy.steps = this.steps;
    copy.result = this.result;
    return copy;
  }
}

/** The thread waits; nothing of its step has happened. */
export function waitsFor(thread: Thread, waiting: Waiting): typeof blocked {
  thread.waiting = waiting;
  return blocked;
}
