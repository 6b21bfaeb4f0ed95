// The machine's memory as code sees it, and what is said of what code does.
import type { NextArgument, Value } from '../../kernel/intrinsics/machine.js';
import type { SimulationErrorKind } from '../../model/simulation.js';
import { convert, isIndeterminate, normal } from '../code/arithmetic.js';
import type { CompiledFunction } from '../code/compile.js';
import type { Image } from '../code/image.js';
import type { BitField } from '../code/layout.js';
import { stackIds, yielded, type RawError, type Recorder, type Site, type Stack } from './machine-state.js';
import { MemoryBlock, blockSpacing, type BadAccess, type SimulatedMemory } from './simulated-memory.js';
import { formatPrintf } from './printf.js';
import { deferredOperation, noPieces, type Thread } from './thread.js';

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
    if (found.block) this.memory.onAccess?.(found.block, 'life', 0, false);
    this.reportBad(found, doing);
    return null;
  }

  protected reportBad(bad: BadAccess, doing: string): void {
    this.report(bad.kind, `${doing} ${bad.message}${bad.kind === 'use-after-free' ? ', which is freed' : ''}`, { block: bad.block });
  }

  load(address: Value, bytes: 1 | 2 | 4 | 8, signed: boolean): Value {
    const block = this.locate(address, bytes, 'reads');
    if (!block) return NaN;
    const offset = Number(address) - block.base;
    return this.pieces === null
      ? this.memory.read(block, offset, bytes, signed)
      : this.access(() => this.memory.read(block, offset, bytes, signed));
  }

  store(address: Value, bytes: 1 | 2 | 4 | 8, value: Value): void {
    const block = this.locate(address, bytes, 'writes');
    if (!block) return;
    const offset = Number(address) - block.base;
    if (this.pieces === null) this.memory.write(block, offset, bytes, value);
    else this.change(() => this.memory.write(block, offset, bytes, value));
  }

  /** Reads a bit-field whose unit is at an address. */
  loadBits(address: Value, field: BitField, signed: boolean): Value {
    const { width, shift, bytes } = field;
    if (bytes > wholeUnit) {
      const [low, high] = halvesOf(field).map((half) => this.loadBits(Number(address) + half.offset, half, false));
      if (low === undefined || high === undefined || isIndeterminate(low) || isIndeterminate(high)) return NaN;
      const value = BigInt(low) | (BigInt(high) << BigInt(8 * wholeUnit - shift));
      return convert(normal(value), { bits: width, signed });
    }
    const block = this.locate(address, bytes, 'reads');
    if (!block) return NaN;
    const offset = Number(address) - block.base;
    const unit = this.access(() => this.memory.read(block, offset, bytes, false));
    const mask = ((1n << BigInt(width)) - 1n) << BigInt(shift);
    const { known, unset } = isIndeterminate(unit)
      ? this.bytesOf(block, offset, bytes)
      : { known: BigInt(unit), unset: this.memory.unsetBits(block, offset) };
    if ((unset & mask) !== 0n) return NaN;
    return convert(normal(known >> BigInt(shift)), { bits: width, signed });
  }

  /** Writes a bit-field: reads its unit, and writes that with other bits. */
  storeBits(address: Value, field: BitField, value: Value): void {
    const { width, shift, bytes } = field;
    if (bytes > wholeUnit) {
      const [low, high] = halvesOf(field);
      this.storeBits(Number(address) + low.offset, low, value);
      this.storeBits(Number(address) + high.offset, high, isIndeterminate(value) ? value : normal(BigInt(value) >> BigInt(low.width)));
      return;
    }
    const block = this.locate(address, bytes, 'writes');
    if (!block) return;
    const offset = Number(address) - block.base;
    const unit = this.access(() => this.memory.read(block, offset, bytes, false));
    const mask = ((1n << BigInt(width)) - 1n) << BigInt(shift);
    const { known, unset } = isIndeterminate(unit)
      ? this.bytesOf(block, offset, bytes)
      : { known: BigInt(unit), unset: this.memory.unsetBits(block, offset) };
    const others = known & ~mask;
    const given = isIndeterminate(value) ? 0n : (BigInt(value) << BigInt(shift)) & mask;
    this.change(() => {
      this.memory.write(block, offset, bytes, normal(others | given));
      this.memory.setUnsetBits(block, offset, isIndeterminate(value) ? unset | mask : unset & ~mask);
    });
  }

  /** A unit of which not every byte has a value: what is known of it, and the bits that are not. */
  private bytesOf(block: MemoryBlock, offset: number, bytes: number): { readonly known: bigint; readonly unset: bigint } {
    const { memory } = this;
    const { onAccess } = memory;
    // The access was told as a whole.
    memory.onAccess = null;
    let known = 0n;
    let unset = 0n;
    for (let at = 0; at < bytes; at++) {
      const byte = memory.read(block, offset + at, 1, false);
      if (isIndeterminate(byte)) unset |= 0xffn << BigInt(8 * at);
      else known |= BigInt(byte) << BigInt(8 * at);
    }
    memory.onAccess = onAccess;
    return { known, unset };
  }

  fill(address: Value, byte: number, bytes: number): void {
    const block = this.locate(address, bytes, 'writes');
    if (!block) return;
    const offset = Number(address) - block.base;
    for (const [from, to] of this.cutsOf([[block, offset]], bytes))
      this.change(() => this.memory.fill(block, offset + from, byte, to - from));
  }

  copy(to: Value, from: Value, bytes: number): void {
    if (to === from) return;
    const source = this.locate(from, bytes, 'reads');
    const target = source && this.locate(to, bytes, 'writes');
    if (!target) return;
    const { memory } = this;
    const [at, there] = [Number(from) - source.base, Number(to) - target.base];
    const between = this.seenByOthers(source) && this.seenByOthers(target) ? this.desk() : null;
    const cuts = this.cutsOf(
      [
        [source, at],
        [target, there],
      ],
      bytes,
    );
    // What is moved up over itself is moved from its end on, as memmove() does.
    const up = source === target && there > at && there < at + bytes;
    for (const [first, end] of up ? [...cuts].reverse() : cuts) {
      if (between === null) {
        this.change(() => memory.copy(target, there + first, source, at + first, end - first));
        continue;
      }
      this.change(() => memory.copy(between, first, source, at + first, end - first));
      this.change(() => memory.copy(target, there + first, between, first, end - first));
    }
    if (between !== null) for (const key of [...between.cells.keys()]) if (typeof key === 'number') memory.drop(between, key);
  }

  // ---- steps that are several to others --------------------------------------------------------------------------

  /** Whether other threads may have the memory; null while there are none. */
  shared: ((block: MemoryBlock) => boolean) | null = null;
  /** Told before an access of a step that is several to others, with their number since it was gone on with; and after it. */
  onPiece: { readonly before: (made: number) => void; readonly after: () => void } | null = null;
  /** What the accesses of the step that runs have given, while it is several to others; and how many of them were come to. */
  protected pieces: Value[] | null = null;
  protected come = 0;
  /** The step that was run stopped between two of its accesses. */
  stoppedInside = false;

  /**
   * Runs a step each access of which others may see by itself. Where others have to be let in it stops, with what it has done;
   * when it is run again, the accesses that were made give what they gave, and are not made again.
   */
  inPieces(step: () => void): void {
    if (this.shared === null) return step();
    const thread = this.running;
    const before = thread.pieces.length;
    const pieces = [...thread.pieces];
    this.pieces = pieces;
    this.come = 0;
    try {
      step();
      thread.pieces = noPieces;
    } catch (signal) {
      if (signal !== yielded || pieces.length === before) throw signal;
      thread.pieces = pieces;
      this.stoppedInside = true;
    } finally {
      this.pieces = null;
    }
    thread.steps += pieces.length - before;
  }

  /** An access, or a part of a step that must not be done again; gives what it gave when it was made. */
  protected access(make: () => Value): Value {
    const { pieces } = this;
    if (pieces === null) return make();
    const known = pieces[this.come];
    if (known !== undefined) {
      this.come++;
      return known;
    }
    this.onPiece?.before(pieces.length - this.running.pieces.length);
    const given = make();
    pieces.push(given);
    this.come++;
    this.onPiece?.after();
    return given;
  }

  private change(make: () => void): void {
    this.access(() => {
      make();
      return 0;
    });
  }

  private seenByOthers(block: MemoryBlock): boolean {
    return this.pieces !== null && this.shared?.(block) === true;
  }

  /** What is accessed at a time: members where types are known, else words; all at once where no other thread may see it. */
  private cutsOf(ranges: readonly (readonly [MemoryBlock, number])[], bytes: number): readonly (readonly [number, number])[] {
    if (!ranges.some(([block]) => this.seenByOthers(block))) return [[0, bytes]];
    const cuts = new Set([0, bytes]);
    for (const [block, offset] of ranges) {
      for (let at = 8 - (offset % 8); at < bytes; at += 8) cuts.add(at);
      if (block.type)
        for (const cut of this.image.layout.cuts(block.type)) if (cut > offset && cut < offset + bytes) cuts.add(cut - offset);
    }
    const sorted = [...cuts].sort((a, b) => a - b);
    return sorted.slice(1).map((end, at) => [sorted[at] ?? 0, end]);
  }

  /** Where a thread puts what it has read of others' memory and not written yet. */
  private desk(): MemoryBlock {
    const id = stackIds + this.running.id * 0x10000 + 0xffff;
    const known = this.memory.block(id);
    if (known) return known;
    const made = new MemoryBlock(id, 'stack', blockSpacing, 'a copy', null, false, '', null, null);
    this.memory.addStatic(made);
    return made;
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
    if (found.text !== null) return found.text.slice(from).split('\0', 1)[0] ?? '';
    let text = '';
    for (let at = from; at < found.size && text.length < 4096; at++) {
      const byte = this.access(() => this.memory.read(found, at, 1, false));
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

  glance(address: Value): Value | undefined {
    const { memory } = this;
    const found = memory.find(address, 8);
    if (!(found instanceof MemoryBlock)) return undefined;
    const { onAccess } = memory;
    memory.onAccess = null;
    const value = memory.read(found, Number(address) - found.base, 8, true);
    memory.onAccess = onAccess;
    return value;
  }

  protected peek(address: number, key: string): Value {
    const block = this.memory.block(Math.floor(address / blockSpacing));
    return block?.cells.get(`${address - block.base}:${key}`) ?? 0;
  }
  capable(capability: number): boolean {
    const { operation, capabilities } = this.running;
    // What is put off is done by the kernel itself.
    return operation === deferredOperation || capabilities.includes(capability);
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
    // It was said when it was met.
    if (this.halted || (this.pieces !== null && this.come < this.pieces.length)) return;
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
    if (!this.recorder || (this.pieces !== null && this.come < this.pieces.length)) return;
    this.printing = true;
    this.recorder.print(text());
    this.printing = false;
  }

  /** In the log an address is told by what is there; what the code itself formats has to read the same on every run. */
  format(format: string, next: NextArgument): string {
    const pointer = (address: Value): string =>
      this.printing && this.recorder ? this.recorder.pointer(address) : BigInt.asUintN(64, BigInt(address)).toString(16);
    return formatPrintf(format, next, (address) => this.text(address), pointer);
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

/** Bytes that are read or written at once. */
const wholeUnit = 8;

type Half = BitField & { readonly offset: number };

/** A bit-field that lies in more bytes than that, as one of 64 bits that is packed does, as two. */
function halvesOf({ width, shift, bytes }: BitField): readonly [Half, Half] {
  const low = 8 * wholeUnit - shift;
  return [
    { offset: 0, width: low, shift, bytes: wholeUnit },
    { offset: wholeUnit, width: width - low, shift: 0, bytes: bytes - wholeUnit },
  ];
}
