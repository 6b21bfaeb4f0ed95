// What the machine's parts share: where code stands, what went wrong, what is still to come.
import type { Deferred, Value } from '../../kernel/intrinsics/machine.js';
import type { SimulationErrorKind } from '../../model/simulation.js';
import type { CompiledFunction } from '../code/compiled-function.js';
import type { MemoryBlock } from './memory-block.js';
import type { MemoryObserver } from './simulated-memory.js';
import type { Inside, Thread } from './thread.js';

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
  readonly block: MemoryBlock | null;
  /** What else tells it from other errors with that object, by names that no number is part of; empty for nothing. */
  readonly about: string;
  /** What was assumed on the path to it, in words. */
  readonly assumed: readonly string[];
}

/** Something that is put off. */
export interface Later extends Deferred {
  /** Readers that have to leave first. */
  readonly readers: readonly number[];
  /** The function is the model's. */
  readonly models: boolean;
}

export interface PendingFree {
  readonly block: MemoryBlock;
  readonly readers: readonly number[];
}

/** How many frees there had been on a path when something was looked for last. */
export interface Looked {
  readonly entries: number;
  readonly fields: number;
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
  readonly assumed: readonly string[];
  readonly looked: Looked;
}

/** Thrown through the running step, which is then undone: it needs a decision. */
export class ChoiceNeeded extends Error {
  kind: 'fault' | 'input' = 'fault';
  call = '';
  count = 0;

  /** The same, of a choice that has come up now. */
  of(kind: 'fault' | 'input', call: string, count: number): this {
    Object.assign(this, { kind, call, count });
    return this;
  }
}

/** One object, as it is thrown often, and where it was made is of no interest. */
export const choiceNeeded = new ChoiceNeeded('a choice is to be made');

/** Thrown through the running step, which is then undone: others may go first. One object, as it is thrown often. */
export const yielded = new Error('others may go first');

/** Told, while several threads run, of all that others may see; may throw `yielded` to let them go first. */
export interface Others extends MemoryObserver {
  /** Whether threads other than the running one may have the memory. */
  isShared(block: MemoryBlock): boolean;
  /** An access of a step that is several to others comes, with their number since the step was gone on with; it was made. */
  beforePiece(made: number): void;
  afterPiece(): void;
  /** The running thread goes into a structure. */
  inside(block: MemoryBlock, kind: 'index' | 'list', inside: Inside): void;
  /** A thread becomes a reader of RCU (`enters`), or somebody is about to wait for those there are. */
  reader(thread: number, enters: boolean): void;
  /** Something is about to be done to what is put off. */
  deferred(): void;
  /** The running thread changes something of that name before which nobody needs to go first, though the order of changes matters. */
  changes(what: string): void;
  /** What the running thread does hangs on something that was not told. */
  unseen(): void;
}

/** What a recording of a path is told. */
export interface Recorder {
  print(text: string): void;
  decided(kind: 'fault' | 'input', name: string, option: number): void;
  /** A branch is taken, or not. */
  branched(taken: boolean): void;
  /** What an address points to, as a person says it. */
  pointer(address: Value): string;
}

/** Threads that a path can have, those of callbacks and work among them; blocks of the heap are numbered by who made them. */
export const threadLimit = 8;

/** Numbers of blocks: of the heap from here, of locals above, of what is there from the start above those. */
export const heapIds = 0x10000;
export const stackIds = 0x8000000;
export const staticIds = 0x10000000;
/** So many numbers there are of the last kind. */
export const staticIdCount = 0x10000000;

/** The thread that allocated a block of the heap. */
export function allocatingThread(block: MemoryBlock): number {
  return (block.id - heapIds) % threadLimit;
}

/** Who allocated the block of that number, and as the how manieth of its blocks; null for a block that is not of the heap. */
export function allocationOf(id: number): { readonly thread: number; readonly nth: number } | null {
  if (id < heapIds || id >= stackIds) return null;
  return { thread: (id - heapIds) % threadLimit, nth: Math.floor((id - heapIds) / threadLimit) };
}

/** The thread whose local a block is. */
export function ownerOf(block: MemoryBlock): number {
  return Math.floor((block.id - stackIds) / 0x10000);
}
