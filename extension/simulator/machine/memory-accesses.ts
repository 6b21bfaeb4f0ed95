// The machine's memory as code sees it.
import type { Value } from '../../kernel/intrinsics/machine.js';
import { convert, isIndeterminate, normal } from '../code/arithmetic.js';
import type { BitField } from '../code/layout.js';
import type { CType } from '../../syntax/ast.js';
import type { Core } from './core.js';
import { stackIds } from './machine-state.js';
import type { Pieces } from './step-pieces.js';
import { MemoryBlock, blockSpacing } from './memory-block.js';
import { type BadAccess, type SimulatedMemory } from './simulated-memory.js';

export class Accesses {
  private readonly memory: SimulatedMemory;
  private readonly pieces: Pieces;
  /** Cuts by types, offsets and bytes; and numbers of types. */
  private readonly cuts = new Map<string, readonly (readonly [number, number])[]>();
  private readonly numbers = new WeakMap<CType, number>();
  private numbered = 0;

  constructor(private readonly core: Core) {
    this.memory = core.memory;
    this.pieces = core.pieces;
  }

  /** The block that an address is in, where so many bytes may be used; null after a report. */
  locate(address: Value, bytes: number, doing: string): MemoryBlock | null {
    const found = this.memory.find(address, bytes);
    if (found instanceof MemoryBlock) return found;
    // Another thread may come by before this one stumbles.
    if (found.block && this.memory.observer?.life(found.block, false) === true) return null;
    this.reportBad(found, doing);
    return null;
  }

  reportBad(bad: BadAccess, doing: string): void {
    this.core.report(bad.kind, `${doing} ${bad.message}${bad.kind === 'use-after-free' ? ', which is freed' : ''}`, { block: bad.block });
  }

  load(address: Value, bytes: 1 | 2 | 4 | 8, signed: boolean): Value {
    const block = this.locate(address, bytes, 'reads');
    if (!block) return NaN;
    const offset = Number(address) - block.base;
    const { memory, pieces } = this;
    return pieces.runs ? pieces.access(() => memory.read(block, offset, bytes, signed)) : memory.read(block, offset, bytes, signed);
  }

  store(address: Value, bytes: 1 | 2 | 4 | 8, value: Value): void {
    const block = this.locate(address, bytes, 'writes');
    if (!block) return;
    const offset = Number(address) - block.base;
    if (this.pieces.runs) this.pieces.change(() => this.memory.write(block, offset, bytes, value));
    else this.memory.write(block, offset, bytes, value);
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
    const unit = this.pieces.access(() => this.memory.read(block, offset, bytes, false));
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
    const unit = this.pieces.access(() => this.memory.read(block, offset, bytes, false));
    const mask = ((1n << BigInt(width)) - 1n) << BigInt(shift);
    const { known, unset } = isIndeterminate(unit)
      ? this.bytesOf(block, offset, bytes)
      : { known: BigInt(unit), unset: this.memory.unsetBits(block, offset) };
    const others = known & ~mask;
    const given = isIndeterminate(value) ? 0n : (BigInt(value) << BigInt(shift)) & mask;
    this.pieces.change(() => {
      this.memory.write(block, offset, bytes, normal(others | given));
      this.memory.setUnsetBits(block, offset, isIndeterminate(value) ? unset | mask : unset & ~mask);
    });
  }

  /** A unit of which not every byte has a value: what is known of it, and the bits that are not. */
  private bytesOf(block: MemoryBlock, offset: number, bytes: number): { readonly known: bigint; readonly unset: bigint } {
    const { memory } = this;
    const { observer } = memory;
    // The access was told as a whole.
    memory.observer = null;
    let known = 0n;
    let unset = 0n;
    for (let at = 0; at < bytes; at++) {
      const byte = memory.read(block, offset + at, 1, false);
      if (isIndeterminate(byte)) unset |= 0xffn << BigInt(8 * at);
      else known |= BigInt(byte) << BigInt(8 * at);
    }
    memory.observer = observer;
    return { known, unset };
  }

  fill(address: Value, byte: number, bytes: number): void {
    const block = this.locate(address, bytes, 'writes');
    if (!block) return;
    const offset = Number(address) - block.base;
    for (const [from, to] of this.cutsOf([[block, offset]], bytes))
      this.pieces.change(() => this.memory.fill(block, offset + from, byte, to - from));
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
        this.pieces.change(() => memory.copy(target, there + first, source, at + first, end - first));
        continue;
      }
      this.pieces.change(() => memory.copy(between, first, source, at + first, end - first));
      this.pieces.change(() => memory.copy(target, there + first, between, first, end - first));
    }
    if (between !== null) memory.dropAll(between);
  }

  private seenByOthers(block: MemoryBlock): boolean {
    return this.pieces.runs && this.core.others?.isShared(block) === true;
  }

  /** What is accessed at a time: members where types are known, else words; all at once where no other thread may see it. */
  private cutsOf(ranges: readonly (readonly [MemoryBlock, number])[], bytes: number): readonly (readonly [number, number])[] {
    if (!ranges.some(([block]) => this.seenByOthers(block))) return [[0, bytes]];
    const key = `${ranges.map(([{ type }, offset]) => `${this.numberOf(type)} ${offset}`).join()} ${bytes}`;
    let known = this.cuts.get(key);
    if (!known) this.cuts.set(key, (known = this.newCuts(ranges, bytes)));
    return known;
  }

  private numberOf(type: CType | null): number {
    if (type === null) return -1;
    let known = this.numbers.get(type);
    if (known === undefined) this.numbers.set(type, (known = this.numbered++));
    return known;
  }

  private newCuts(ranges: readonly (readonly [MemoryBlock, number])[], bytes: number): readonly (readonly [number, number])[] {
    const cuts = new Set([0, bytes]);
    for (const [block, offset] of ranges) {
      for (let at = 8 - (offset % 8); at < bytes; at += 8) cuts.add(at);
      if (block.type)
        for (const cut of this.core.image.layout.cuts(block.type)) if (cut > offset && cut < offset + bytes) cuts.add(cut - offset);
    }
    const sorted = [...cuts].sort((a, b) => a - b);
    return sorted.slice(1).map((end, at) => [sorted[at] ?? 0, end]);
  }

  /** Where a thread puts what it has read of others' memory and not written yet. */
  private desk(): MemoryBlock {
    const id = stackIds + this.core.running.id * 0x10000 + 0xffff;
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
    if (found instanceof MemoryBlock) this.memory.dropAll(found);
  }

  text(address: Value): string {
    const found = this.memory.find(address, 1);
    if (!(found instanceof MemoryBlock)) return '?';
    const from = Number(address) - found.base;
    if (found.text !== null) return found.text.slice(from).split('\0', 1)[0] ?? '';
    let text = '';
    for (let at = from; at < found.size && text.length < 4096; at++) {
      const byte = this.pieces.access(() => this.memory.read(found, at, 1, false));
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
    const { observer } = memory;
    memory.observer = null;
    const value = memory.read(found, Number(address) - found.base, 8, true);
    memory.observer = observer;
    return value;
  }

  /** Hidden state without telling anybody; 0 for none. */
  peek(address: number, key: string): Value {
    const block = this.memory.block(Math.floor(address / blockSpacing));
    return block?.hidden?.get(`${address - block.base}:${key}`) ?? 0;
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
