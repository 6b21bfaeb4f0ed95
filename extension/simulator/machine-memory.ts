// The machine's memory as code sees it, and what is said of what code does.
import type { Value } from '../kernel/intrinsics/machine.js';
import type { SimulationErrorKind } from '../model/simulation.js';
import type { CompiledFunction } from './compile.js';
import type { Image } from './image.js';
import type { RawError, Recorder, Site, Stack } from './machine-state.js';
import { MemoryBlock, blockSpacing, type BadAccess, type SimulatedMemory } from './simulated-memory.js';
import { formatPrintf } from './printf.js';
import type { Thread } from './thread.js';

export abstract class MemoryMachine {
  threads: Thread[] = [];
  current = 0;
  /** The path is over: an error that ends it, or BUG(). */
  halted = false;
  errors: RawError[] = [];
  /** What the tree's code asked on this path that nothing was known of, each once, with the answer it got. */
  assumed: readonly string[] = [];
  recorder: Recorder | null = null;
  /** Functions that were called since somebody emptied it. */
  readonly entered = new Set<CompiledFunction>();
  private printing = false;

  constructor(
    readonly memory: SimulatedMemory,
    readonly image: Image,
  ) {}

  get thread(): number {
    return this.current;
  }

  get running(): Thread {
    const thread = this.threads[this.current];
    if (!thread) throw new Error('no thread runs');
    return thread;
  }

  /** The path goes no further. */
  isOver(): boolean {
    return this.halted;
  }

  protected locate(address: Value, bytes: number, doing: string): MemoryBlock | null {
    const found = this.memory.find(address, bytes);
    if (found instanceof MemoryBlock) return found;
    // Another thread may come by before this one stumbles.
    if (found.block) this.memory.onAccess?.(found.block, 'life', false);
    this.reportBad(found, doing);
    return null;
  }

  protected reportBad(bad: BadAccess, doing: string): void {
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
    if (found instanceof MemoryBlock) for (const key of [...found.cells.keys()]) if (typeof key === 'number') this.memory.drop(found, key);
  }

  text(address: Value): string {
    const found = this.memory.find(address, 1);
    if (!(found instanceof MemoryBlock)) return '?';
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

  protected peek(address: number, key: string): Value {
    const block = this.memory.block(Math.floor(address / blockSpacing));
    return block?.cells.get(`${address - block.base}:${key}`) ?? 0;
  }
  capable(capability: number): boolean {
    return this.running.capabilities.includes(capability);
  }

  protected site(): Site | null {
    const frame = this.running.top;
    return frame ? { fn: frame.fn, pc: frame.pc } : null;
  }

  /** The running thread's calls, innermost first. */
  stack(): Stack {
    return this.running.frames.map((frame) => ({ fn: frame.fn, pc: frame.pc })).reverse();
  }

  report(
    kind: SimulationErrorKind,
    message: string,
    options: { readonly goesOn?: boolean; readonly block?: MemoryBlock | null; readonly about?: string } = {},
  ): void {
    if (this.halted) return;
    this.errors.push({
      kind,
      message,
      thread: this.current,
      stack: this.stack(),
      block: options.block ?? null,
      about: options.about ?? '',
      assumed: this.assumed,
    });
    if (!options.goesOn) this.halted = true;
  }

  print(text: () => string): void {
    if (!this.recorder) return;
    this.printing = true;
    this.recorder.print(text());
    this.printing = false;
  }

  /** In the log an address is told by what is there; what the code itself formats has to read the same on every run. */
  format(format: string, values: readonly Value[]): string {
    const pointer = (address: Value): string =>
      this.printing && this.recorder ? this.recorder.pointer(address) : BigInt.asUintN(64, BigInt(address)).toString(16);
    return formatPrintf(format, values, (address) => this.text(address), pointer);
  }

  assume(kind: 'callee' | 'construct' | 'constant' | 'type', name: string, assumed: string): void {
    this.image.assume(kind, name, assumed);
  }

  /** The same of what nothing is known of, so that errors on this path may hang on it; `what` says it in words. */
  assumeUnknown(kind: 'callee' | 'construct' | 'constant' | 'type', name: string, assumed: string, what: string): void {
    this.assume(kind, name, assumed);
    this.hangsOn(what);
  }

  /** From here on the path hangs on this. */
  hangsOn(what: string): void {
    if (!this.assumed.includes(what)) this.assumed = [...this.assumed, what];
  }
}
