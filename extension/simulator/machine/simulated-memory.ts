// Memory as blocks of cells, each write undoable, the whole with a hash that follows every write.
import type { Value } from '../../kernel/intrinsics/machine.js';
import { convert, normal } from '../code/arithmetic.js';
import { Cells } from './cells.js';
import { blockSpacing, type BlockState, type MemoryBlock } from './memory-block.js';
import { hashOf } from './text-hash.js';
import { UndoLog, entry } from './undo-log.js';

/** Blocks that are larger have cells of their own, as far as they are written. */
const largest = 0x10000;

/** Whether a value is the address of some block, as far as its number tells. */
function mayPoint(value: Value | undefined): value is number {
  return typeof value === 'number' && value >= blockSpacing;
}

function unset(offset: number): string {
  return `${offset}:unset`;
}

/** Why an access is bad, in words, with the kind of error that it is. */
export interface BadAccess {
  readonly kind: 'null-dereference' | 'wild-dereference' | 'use-after-free' | 'uninitialised';
  readonly message: string;
  /** The freed block. */
  readonly block: MemoryBlock | null;
}

/** Told of what is done to memory. */
export interface MemoryObserver {
  /** An access comes, to the bytes from an offset on, 0 of hidden state. True, or thrown: it is not made. */
  access(block: MemoryBlock, key: number | string, bytes: number, write: boolean): boolean;
  /** Something comes that hangs on the block's being there, or (`ends`) it is about to go; the same. */
  life(block: MemoryBlock, ends: boolean): boolean;
  /** A value was written that may be an address, to that block. */
  pointer(holder: MemoryBlock, value: number): void;
}

export class SimulatedMemory {
  private readonly blocks = new Map<number, MemoryBlock>();
  private readonly log = new UndoLog();
  /** Cells of blocks that are there on every path, and of those that come and go. */
  private readonly lasting = new Cells(1 << 14);
  private readonly passing = new Cells(1 << 16);
  private hash1 = 0;
  private hash2 = 0;
  /** What a change brings to the hashes. */
  private delta1 = 0;
  private delta2 = 0;
  private permanent = false;
  /** Where, by its size, a local was among what passes that nobody can go back to. */
  private readonly left = new Map<number, number[]>();

  observer: MemoryObserver | null = null;
  /** Told of every change of a cell while it is set. */
  onChange: ((block: MemoryBlock, key: number | string, before: Value | undefined, after: Value | undefined) => void) | null = null;

  /** Grows whenever who points to what may have become other than it was: a pointer changes, or a block of the heap comes or goes. */
  holding = 0;

  /** Blocks of the heap that were freed on this path. */
  freed = 0;

  /** Stands for the state so far: `undo` returns to it. */
  get mark(): number {
    return this.log.length;
  }

  /** Two 32-bit hashes of all live cells; states that are equal have equal ones. */
  get hash(): readonly [number, number] {
    return [this.hash1, this.hash2];
  }

  block(id: number): MemoryBlock | undefined {
    return this.blocks.get(id);
  }

  /** All blocks that were ever made on this path and not replaced. */
  all(): IterableIterator<MemoryBlock> {
    return this.blocks.values();
  }

  /** A block that is there on every path and was there from the start. */
  addStatic(block: MemoryBlock): void {
    this.giveCells(block, this.lasting);
    this.blocks.set(block.id, block);
  }

  private giveCells(block: MemoryBlock, cells: Cells): void {
    const isLarge = block.size > largest;
    block.cells = isLarge ? new Cells(1 << 12) : cells;
    const left = cells === this.passing && !isLarge ? this.left.get(block.size)?.pop() : undefined;
    block.start = isLarge ? 0 : (left ?? cells.reserve(block.size));
  }

  /** What `action` writes was so from the start: it is never undone and makes no difference to the hash. */
  permanently(action: () => void): void {
    const { hash1, hash2, observer, onChange, permanent } = this;
    const { mark } = this;
    this.observer = null;
    this.onChange = null;
    this.permanent = true;
    this.left.clear();
    try {
      action();
    } finally {
      this.left.clear();
      this.log.length = mark;
      Object.assign(this, { hash1, hash2, observer, onChange, permanent });
    }
  }

  add(block: MemoryBlock): void {
    const old = this.blocks.get(block.id);
    this.giveCells(block, this.passing);
    const at = this.log.push(entry.block, old, block);
    this.log.places[at] = block.start;
    if (old) this.toggleBlock(old);
    this.blocks.set(block.id, block);
    this.toggleBlock(block);
  }

  setState(block: MemoryBlock, state: BlockState): void {
    if (state === 'freed' && block.kind === 'heap') this.freed++;
    this.log.push(entry.state, block, block.state);
    this.toggleBlock(block);
    block.state = state;
    this.toggleBlock(block);
    if (this.permanent && state === 'freed' && block.kind === 'stack' && block.cells === this.passing) this.leave(block);
  }

  /** The cells of a block are free for another one of its size. */
  private leave(block: MemoryBlock): void {
    for (let at = block.nextCell(0); at >= 0; at = block.nextCell(at)) this.putCell(block, block.start + at, 0, NaN);
    const starts = this.left.get(block.size) ?? [];
    this.left.set(block.size, starts);
    starts.push(block.start);
  }

  /** Others than the thread whose the block is may find it from now on. */
  publish(block: MemoryBlock): void {
    this.log.push(entry.published, block, undefined);
    block.published = true;
    this.togglePublished(block);
  }

  undo(mark: number): void {
    const { log } = this;
    if (log.length > mark) this.holding++;
    while (log.length > mark) {
      const at = --log.length;
      const owner = log.owners[at];
      const other = log.others[at];
      switch (log.kinds[at]) {
        case entry.cell:
          if (!owner) break;
          this.addHash(owner, log.hashes1[at] ?? 0, log.hashes2[at] ?? 0);
          this.putCell(owner, log.places[at] ?? 0, log.widths[at] ?? 0, (other as bigint | undefined) ?? log.values[at] ?? NaN);
          break;
        case entry.hidden: {
          if (!owner) break;
          const [key, value] = other as readonly [string, Value | undefined];
          this.addHash(owner, log.hashes1[at] ?? 0, log.hashes2[at] ?? 0);
          this.putHidden(owner, key, value);
          break;
        }
        case entry.state:
          if (!owner) break;
          this.toggleBlock(owner);
          if (owner.state === 'freed' && owner.kind === 'heap') this.freed--;
          owner.state = other as BlockState;
          this.toggleBlock(owner);
          break;
        case entry.published:
          if (!owner) break;
          owner.published = false;
          this.togglePublished(owner);
          break;
        case undefined:
          break;
        case entry.block: {
          const block = other as MemoryBlock;
          this.toggleBlock(block);
          if (block.cells === this.passing) this.passing.release(log.places[at] ?? 0);
          if (owner) {
            this.blocks.set(owner.id, owner);
            this.toggleBlock(owner);
          } else this.blocks.delete(block.id);
        }
      }
    }
  }

  /** The block and offset of an address at which `bytes` may be read or written, or why not. */
  find(address: Value, bytes: number): MemoryBlock | BadAccess {
    if (typeof address !== 'number') return { kind: 'wild-dereference', message: `address 0x${address.toString(16)}`, block: null };
    if (Number.isNaN(address)) return { kind: 'uninitialised', message: 'an indeterminate pointer', block: null };
    if (address >= 0 && address < 4096)
      return { kind: 'null-dereference', message: address === 0 ? 'NULL' : `NULL (at offset ${address})`, block: null };
    if (address < 0 && address >= -4095) return { kind: 'wild-dereference', message: `the error pointer ERR_PTR(${address})`, block: null };
    const block = this.blocks.get(Math.floor(address / blockSpacing));
    if (!block) return { kind: 'wild-dereference', message: `address 0x${address.toString(16)}, where nothing is`, block: null };
    if (block.state === 'freed') return { kind: 'use-after-free', message: block.name, block };
    const offset = address - block.base;
    if (offset + bytes > block.size && !(bytes === 0 && offset === block.size))
      return { kind: 'wild-dereference', message: `${bytes} bytes at offset ${offset} of ${block.name}, which has ${block.size}`, block };
    if (block.kind === 'function') return { kind: 'wild-dereference', message: `the code of ${block.name}()`, block };
    return block;
  }

  /** Reads a cell; NaN where nothing was written to memory that does not begin as zero. */
  read(block: MemoryBlock, offset: number, bytes: number, signed: boolean): Value {
    if (this.observer?.access(block, offset, bytes, false) === true) return NaN;
    const { cells } = block;
    const at = block.start + offset;
    if (cells.marks[at] === bytes) {
      const value = cells.values[at] ?? NaN;
      return value >= 0 && value <= 0x7f ? value : convert(value, { bits: bytes * 8, signed });
    }
    if (block.text === null && cells.isFree(at, bytes)) return block.zeroed ? 0 : NaN;
    if (cells.widthAt(at) === bytes) return convert(cells.valueAt(at), { bits: bytes * 8, signed });
    return this.compose(block, offset, bytes, signed);
  }

  write(block: MemoryBlock, offset: number, bytes: number, value: Value): void {
    if (this.observer?.access(block, offset, bytes, true) === true) return;
    if (block.hasUnset) this.setOther(block, unset(offset), undefined);
    if (block.widthAt(offset) === bytes || block.cells.isFree(block.start + offset, bytes)) {
      if (this.onChange === null || block.widthAt(offset) !== 0) return this.set(block, offset, value, bytes);
    }
    // How cells are cut is nobody's business: what is told is the value that was there.
    const { onChange } = this;
    const before = onChange ? this.compose(block, offset, bytes, false) : undefined;
    this.onChange = null;
    this.split(block, offset, bytes);
    this.set(block, offset, value, bytes);
    this.onChange = onChange;
    if (onChange && !Object.is(before, value)) onChange(block, offset, before, value);
  }

  /** Which bits of a cell that was written have no value, as a mask. */
  unsetBits(block: MemoryBlock, offset: number): bigint {
    return block.hasUnset ? BigInt(block.hidden?.get(unset(offset)) ?? 0) : 0n;
  }

  setUnsetBits(block: MemoryBlock, offset: number, mask: bigint): void {
    if (mask !== 0n) block.hasUnset = true;
    if (block.hasUnset) this.setOther(block, unset(offset), mask === 0n ? undefined : normal(mask));
  }

  hidden(block: MemoryBlock, offset: number, key: string): Value | undefined {
    const name = `${offset}:${key}`;
    this.observer?.access(block, name, 0, false);
    return block.hidden?.get(name);
  }

  setHidden(block: MemoryBlock, offset: number, key: string, value: Value | undefined): void {
    const name = `${offset}:${key}`;
    this.observer?.access(block, name, 0, true);
    this.setOther(block, name, value);
  }

  /** The same without telling anybody of an access: letting go of a lock is no place at which others need to be tried. */
  setQuietly(block: MemoryBlock, key: string, value: Value | undefined): void {
    this.setOther(block, key, value);
  }

  /** A cell becomes what it was before its first write. */
  drop(block: MemoryBlock, offset: number): void {
    this.set(block, offset, undefined, 0);
  }

  /** All cells of a block become that. */
  dropAll(block: MemoryBlock): void {
    for (let at = block.nextCell(0); at >= 0; at = block.nextCell(at)) this.set(block, at, undefined, 0);
  }

  /** Sets bytes to one value, hidden state that lies there included. */
  fill(block: MemoryBlock, offset: number, byte: number, bytes: number): void {
    this.observer?.access(block, offset, bytes, true);
    if (block.hidden !== null)
      for (const key of [...block.hidden.keys()]) {
        const at = Number.parseInt(key, 10);
        if (!(at >= offset && at < offset + bytes)) continue;
        this.observer?.access(block, key, 0, true);
        this.setOther(block, key, undefined);
      }
    this.clear(block, offset, bytes);
    if (byte === 0 && block.zeroed) return;
    // Whole words, so that what is read as a word later is found as one.
    for (let at = offset; at < offset + bytes;) {
      const width = at % 8 === 0 && at + 8 <= offset + bytes ? 8 : 1;
      const value = width === 1 ? byte : normal(BigInt.asUintN(64, BigInt(byte) * 0x0101010101010101n));
      this.set(block, at, value, width);
      at += width;
    }
  }

  copy(to: MemoryBlock, toOffset: number, from: MemoryBlock, fromOffset: number, bytes: number): void {
    this.observer?.access(from, fromOffset, bytes, false);
    this.observer?.access(to, toOffset, bytes, true);
    const moved: [number, Value, number][] = [];
    const end = fromOffset + bytes;
    for (let key = from.nextCell(Math.max(0, fromOffset - 7)); key >= 0 && key < end; key = from.nextCell(key + 1)) {
      const width = from.widthAt(key);
      if (key >= fromOffset && key + width <= end) moved.push([key - fromOffset, from.valueAt(key) ?? NaN, width]);
      else if (key + width > fromOffset)
        for (let at = Math.max(key, fromOffset); at < Math.min(key + width, end); at++)
          moved.push([at - fromOffset, this.compose(from, at, 1, false), 1]);
    }
    if (from.text !== null) for (let at = 0; at < bytes; at++) moved.push([at, this.compose(from, fromOffset + at, 1, false), 1]);
    this.fillFor(to, toOffset, bytes, from.zeroed || from.text !== null);
    for (const [at, value, width] of moved) {
      if (to.widthAt(toOffset + at) !== width) this.split(to, toOffset + at, width);
      this.set(to, toOffset + at, value, width);
    }
  }

  private fillFor(block: MemoryBlock, offset: number, bytes: number, zeroed: boolean): void {
    if (zeroed) this.fill(block, offset, 0, bytes);
    else {
      this.clear(block, offset, bytes);
      if (block.zeroed) for (let at = offset; at < offset + bytes; at++) this.set(block, at, NaN, 1);
    }
  }

  /** Cells that overlap the range but are not it become single bytes, and those in the range go. */
  private split(block: MemoryBlock, offset: number, bytes: number): void {
    for (let at = offset; at < offset + bytes; at++) {
      const begins = block.cells.cellOver(block.start + at) - block.start;
      if (begins < 0) continue;
      const width = block.widthAt(begins);
      if (begins !== offset || width !== bytes) this.breakUp(block, begins, width, offset, bytes);
    }
  }

  /** Cells in the range go; those that reach into it keep their other bytes. */
  private clear(block: MemoryBlock, offset: number, bytes: number): void {
    const end = offset + bytes;
    for (let key = block.nextCell(Math.max(0, offset - 7)); key >= 0 && key < end; key = block.nextCell(key + 1)) {
      const width = block.widthAt(key);
      if (key >= offset && key + width <= end) this.set(block, key, undefined, 0);
      else if (key + width > offset) this.breakUp(block, key, width, offset, bytes);
    }
  }

  /** A cell becomes single bytes, without those in the range. */
  private breakUp(block: MemoryBlock, at: number, width: number, offset: number, bytes: number): void {
    const whole: Value[] = [];
    for (let byte = 0; byte < width; byte++) whole.push(this.compose(block, at + byte, 1, false));
    this.set(block, at, undefined, 0);
    whole.forEach((value, byte) => {
      const there = at + byte;
      if (there < offset || there >= offset + bytes) this.set(block, there, value, 1);
    });
  }

  /** The bytes of a range, whatever cells they lie in. */
  private compose(block: MemoryBlock, offset: number, bytes: number, signed: boolean): Value {
    let value = 0n;
    for (let byte = bytes - 1; byte >= 0; byte--) {
      const found = this.byteAt(block, offset + byte);
      if (found === undefined) return NaN;
      value = (value << 8n) | BigInt(found);
    }
    return normal(signed ? BigInt.asIntN(bytes * 8, value) : value);
  }

  private byteAt(block: MemoryBlock, offset: number): number | undefined {
    const begins = block.cells.cellOver(block.start + offset);
    if (begins >= 0) {
      const value = block.cells.valueAt(begins);
      if (typeof value === 'number' && Number.isNaN(value)) return undefined;
      return Number(BigInt.asUintN(8, BigInt(value) >> BigInt(8 * (block.start + offset - begins))));
    }
    if (block.text !== null) return offset < block.text.length ? block.text.charCodeAt(offset) & 0xff : 0;
    return block.zeroed ? 0 : undefined;
  }

  // ---- changes, and their hashes ---------------------------------------------------------------------------------

  /** A cell is given a value, or goes where that is undefined. Nothing else lies there. */
  private set(block: MemoryBlock, offset: number, value: Value | undefined, width: number): void {
    const { cells } = block;
    const at = block.start + offset;
    const oldWidth = cells.widthAt(at);
    if (oldWidth === width && (width === 0 || Object.is(cells.valueAt(at), value))) return;
    const old = oldWidth === 0 ? undefined : cells.valueAt(at);
    if (this.permanent) {
      // Its hashes don't tell.
      block.contents = null;
      return this.putCell(block, at, width, value ?? NaN);
    }
    const { log } = this;
    const made = log.push(entry.cell, block, typeof old === 'bigint' ? old : undefined);
    log.places[made] = at;
    log.widths[made] = oldWidth;
    log.values[made] = typeof old === 'number' ? old : NaN;
    this.tellChange(made, block, offset, offset, old, value);
    this.putCell(block, at, width, value ?? NaN);
  }

  private putCell(block: MemoryBlock, at: number, width: number, value: Value): void {
    const { cells } = block;
    const end = at + width - block.start;
    if (end > block.used) {
      block.used = end;
      if (cells !== this.passing && cells !== this.lasting) cells.ensure(end);
    }
    block.count += (width === 0 ? 0 : 1) - (cells.widthAt(at) === 0 ? 0 : 1);
    cells.put(at, width, value);
  }

  /** The same of state that C doesn't see. */
  private setOther(block: MemoryBlock, key: string, value: Value | undefined): void {
    const old = block.hidden?.get(key);
    if (Object.is(old, value)) return;
    if (this.permanent) {
      block.contents = null;
      return this.putHidden(block, key, value);
    }
    this.tellChange(this.log.push(entry.hidden, block, [key, old]), block, key, hashOf(key), old, value);
    this.putHidden(block, key, value);
  }

  /** What a change that was logged means to the hashes, and to whoever is told of it; `place` stands for its key in hashes. */
  private tellChange(
    logged: number,
    block: MemoryBlock,
    key: number | string,
    place: number,
    old: Value | undefined,
    value: Value | undefined,
  ): void {
    this.delta1 = 0;
    this.delta2 = 0;
    if (old !== undefined) this.mixValue(block.id, place, old);
    if (value !== undefined) this.mixValue(block.id, place, value);
    this.log.hashes1[logged] = this.delta1;
    this.log.hashes2[logged] = this.delta2;
    this.addHash(block, this.delta1, this.delta2);
    const points = mayPoint(value);
    if (block.kind !== 'stack' && (points || mayPoint(old))) this.holding++;
    if (points && this.observer !== null) this.observer.pointer(block, value);
    this.onChange?.(block, key, old, value);
  }

  private putHidden(block: MemoryBlock, key: string, value: Value | undefined): void {
    block.hidden ??= new Map();
    if (value === undefined) block.hidden.delete(key);
    else block.hidden.set(key, value);
  }

  private addHash(block: MemoryBlock, a: number, b: number): void {
    block.hash1 ^= a;
    block.hash2 ^= b;
    if (block.state === 'freed') return;
    this.hash1 ^= a;
    this.hash2 ^= b;
  }

  /** A block's own share of the hash, and its cells' while it is live. */
  private toggleBlock(block: MemoryBlock): void {
    if (block.kind === 'heap') this.holding++;
    this.delta1 = 0;
    this.delta2 = 0;
    if (block.state !== 'freed') {
      this.mix(block.id, 0x2545f491, block.state === 'live' ? 1 : 2, block.size);
      this.delta1 ^= block.hash1;
      this.delta2 ^= block.hash2;
    }
    this.hash1 ^= this.delta1;
    this.hash2 ^= this.delta2;
  }

  private togglePublished(block: MemoryBlock): void {
    this.delta1 = 0;
    this.delta2 = 0;
    this.mix(block.id, 0x1b873593, 1, 0);
    this.addHash(block, this.delta1, this.delta2);
  }

  private mixValue(id: number, place: number, value: Value): void {
    if (typeof value === 'number') this.mix(id, place, value | 0, Number.isNaN(value) ? 0x7ff80000 : Math.floor(value / 4294967296) | 0);
    else this.mix(id, place, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)) ^ 0x5bd1e995);
  }

  private mix(a: number, b: number, c: number, d: number): void {
    let h1 = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
    h1 = Math.imul(h1 ^ (h1 >>> 15) ^ c, 0x2c1b3c6d);
    h1 = Math.imul(h1 ^ (h1 >>> 12) ^ d, 0x297a2d39);
    h1 ^= h1 >>> 15;
    let h2 = Math.imul(a + 0x165667b1, 0x27d4eb2f) ^ Math.imul(b ^ 0x61c88647, 0x9e3779b1);
    h2 = Math.imul(h2 ^ (h2 >>> 16) ^ d, 0x7feb352d);
    h2 = Math.imul(h2 ^ (h2 >>> 15) ^ c, 0x846ca68b);
    h2 ^= h2 >>> 16;
    this.delta1 ^= h1;
    this.delta2 ^= h2;
  }
}
