// What all parts of the machine share: its memory, its threads, and what was said of them.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { SimulationErrorKind } from '../../model/simulation.js';
import { FunctionSet } from './function-set.js';
import type { Image } from './image.js';
import { yielded, type Looked, type Others, type RawError, type Recorder, type Site, type Stack } from './machine-state.js';
import { Pieces } from './step-pieces.js';
import type { MemoryBlock } from './memory-block.js';
import type { SimulatedMemory } from './simulated-memory.js';
import type { Thread } from './thread.js';

/** Of what nothing is known: a callee, a construct, a constant or a type. */
export type Unknown = 'callee' | 'construct' | 'constant' | 'type';

export class Core {
  threads: Thread[] = [];
  current = 0;
  /** The path is over: an error that ends it, or BUG(). */
  halted = false;
  /** Steps that the running thread may make yet; it stops where there is none left. */
  left = 0;
  /** What `left` was, as if it had counted down from there one by one. */
  private given = 0;
  /** What memory was before the step that runs. */
  stepMark = 0;
  /** The step that runs asks whether others go first. */
  private asks = false;
  /** They do. */
  yields = false;
  /** The running thread may make its next step though others may care. */
  granted = false;
  errors: RawError[] = [];
  /** What the tree's code asked on this path that nothing was known of, each once, with the answer it got. */
  assumed: readonly string[] = [];
  /** What the operations of the scenario answered, by their index. */
  answers: readonly Value[] = [];
  /** Frees on this path after which was looked for pointers to what is gone: in entries of indexes, and in fields. */
  looked: Looked = { entries: 0, fields: 0 };
  recorder: Recorder | null = null;
  /** Functions that were called since somebody emptied it. */
  readonly entered = new FunctionSet();
  readonly pieces: Pieces = new Pieces(this);
  private told: Others | null = null;

  constructor(
    readonly memory: SimulatedMemory,
    readonly image: Image,
  ) {}

  get running(): Thread {
    const thread = this.threads[this.current];
    if (!thread) throw new Error('no thread runs');
    return thread;
  }

  /** Told of all that others may see; null while there are none. */
  get others(): Others | null {
    return this.told;
  }

  set others(others: Others | null) {
    this.told = others;
    this.memory.observer = others;
  }

  isYielding(): boolean {
    return this.yields;
  }

  /** The path goes no further. */
  isOver(): boolean {
    return this.halted;
  }

  /** The path ends with the step that runs. */
  halt(): void {
    this.halted = true;
    this.given -= this.left;
    this.left = 0;
  }

  /** The running thread may make so many steps. */
  giveSteps(count: number): void {
    this.given = count;
    this.left = count;
  }

  /** Steps made since then. */
  get made(): number {
    return this.given - this.left;
  }

  beginStep(): void {
    this.stepMark = this.memory.mark;
    this.asks = false;
  }

  /** The same of a step with one access, which asks afterwards whether others go first. */
  beginAccess(): void {
    this.stepMark = this.memory.mark;
    this.asks = true;
  }

  /** Others may go first: the step ends here with nothing done. Throws where it does not ask; else what it reads means nothing. */
  yield(): true {
    if (!this.asks) throw yielded;
    this.yields = true;
    return true;
  }

  /** Runs something that is no part of the step that runs. */
  apart(action: () => void): void {
    const { threads, current, others, left, given, stepMark, granted, asks } = this;
    this.others = null;
    this.pieces.apart(action);
    this.others = others;
    Object.assign(this, { threads, current, left, given, stepMark, granted, asks });
  }

  site(): Site | null {
    const frame = this.running.top;
    return frame ? { fn: frame.fn, pc: frame.pc } : null;
  }

  /** The running thread's calls, innermost first. */
  stack(): Stack {
    return this.running.frames.map((frame) => ({ fn: frame.fn, pc: frame.pc })).reverse();
  }

  /** Tells an error of the code that runs; the path ends there unless it `goesOn`. */
  report(
    kind: SimulationErrorKind,
    message: string,
    options: { readonly goesOn?: boolean; readonly block?: MemoryBlock | null; readonly about?: string } = {},
  ): void {
    // It was said when it was met.
    if (this.halted || this.pieces.repeats) return;
    this.errors.push({
      kind,
      message,
      thread: this.current,
      stack: this.stack(),
      block: options.block ?? null,
      about: options.about ?? '',
      assumed: this.assumed,
    });
    if (!options.goesOn) this.halt();
  }

  assume(kind: Unknown, name: string, assumed: string): void {
    this.image.assume(kind, name, assumed);
  }

  /** The same of what nothing is known of, so that errors on this path may hang on it; `what` says it in words. */
  assumeUnknown(kind: Unknown, name: string, assumed: string, what: string): void {
    this.assume(kind, name, assumed);
    this.hangsOn(what);
  }

  /** From here on the path hangs on this. */
  hangsOn(what: string): void {
    if (!this.assumed.includes(what)) this.assumed = [...this.assumed, what];
  }
}
