// Memory as blocks of cells, each write undoable, the whole with a hash that follows every write.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { CType } from '../../syntax/ast.js';
import { convert, normal } from '../code/arithmetic.js';

export type BlockKind = 'heap' | 'stack' | 'global' | 'string' | 'function';
export type BlockState = 'live' | 'waiting' | 'freed';

/** Bytes between the beginnings of two blocks; none is larger. */
export const blockSpacing = 0x100000;

/** Bytes before an offset at which a cell may begin that reaches over it. */
const widest = 7;

export class MemoryBlock {
  /** By offset in bytes, or by `offset:key` for state that C doesn't see. */
  readonly cells = new Map<number | string, Value>();
  readonly widths = new Map<number, number>();
  state: BlockState = 'live';
  /** Some bits of a cell of it were not set on some path, though others of it were. */
  hasUnset = false;
  /** State that C doesn't see was put there on some path. */
  hasHidden = false;

  constructor(
    /** The block begins at `id * blockSpacing`. */
    readonly id: number,
    readonly kind: BlockKind,
    readonly size: number,
    readonly name: string,
    readonly type: CType | null,
    readonly zeroed: boolean,
    /** What has to free it, for the heap. */
    readonly by: string,
    /** The literal, for a string. */
    readonly text: string | null,
    /** Where it was made, for messages: an opaque token of whoever made it. */
    readonly site: unknown,
  ) {}

  get base(): number {
    return this.id * blockSpacing;
  }
}

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

const enum Entry {
  Cell,
  State,
  Block,
}

/** Told of what is done to memory. */
export interface MemoryObserver {
  /** An access comes, to the bytes from an offset on, 0 of hidden state; throws to stop it. */
  access(block: MemoryBlock, key: number | string, bytes: number, write: boolean): void;
  /** A value was written that may be an address, to that block. */
  pointer(holder: MemoryBlock, value: number): void;
}

export class SimulatedMemory {
  private readonly blocks = new Map<number, MemoryBlock>();
  private readonly kinds: Entry[] = [];
  private readonly owners: (MemoryBlock | undefined)[] = [];
  private readonly keys: (number | string)[] = [];
  private readonly olds: (Value | undefined)[] = [];
  private readonly oldWidths: number[] = [];
  private hash1 = 0;
  private hash2 = 0;
  private permanent = false;
  private readonly keyHashes = new Map<string, number>();

  observer: MemoryObserver | null = null;
  /** Told of every change of a cell while it is set. */
  onChange: ((block: MemoryBlock, key: number | string, before: Value | undefined, after: Value | undefined) => void) | null = null;

  /** Stands for the state so far: `undo` returns to it. */
  get mark(): number {
    return this.kinds.length;
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
    this.blocks.set(block.id, block);
  }

  /** What `action` writes was so from the start: it is never undone and makes no difference to the hash. */
  permanently(action: () => void): void {
    const { hash1, hash2, observer, onChange, permanent } = this;
    const mark = this.mark;
    this.observer = null;
    this.onChange = null;
    this.permanent = true;
    try {
      action();
    } finally {
      this.kinds.length = this.owners.length = this.keys.length = this.olds.length = this.oldWidths.length = mark;
      Object.assign(this, { hash1, hash2, observer, onChange, permanent });
    }
  }

  add(block: MemoryBlock): void {
    this.push(Entry.Block, this.blocks.get(block.id), block.id, undefined, 0);
    const old = this.blocks.get(block.id);
    if (old) this.toggleBlock(old);
    this.blocks.set(block.id, block);
    this.toggleBlock(block);
  }

  /** Grows whenever who points to what may have become other than it was: a pointer changes, or a block of the heap comes or goes. */
  holding = 0;

  /** Blocks of the heap that were freed on this path. */
  freed = 0;

  setState(block: MemoryBlock, state: BlockState): void {
    if (state === 'freed' && block.kind === 'heap') this.freed++;
    this.push(Entry.State, block, block.state, undefined, 0);
    this.toggleBlock(block);
    block.state = state;
    this.toggleBlock(block);
  }

  undo(mark: number): void {
    while (this.kinds.length > mark) {
      const kind = this.kinds.pop();
      const owner = this.owners.pop();
      const key = this.keys.pop() ?? 0;
      const old = this.olds.pop();
      const width = this.oldWidths.pop() ?? 0;
      if (kind === Entry.Cell && owner) this.put(owner, key, old, width);
      else if (kind === Entry.State && owner) {
        this.toggleBlock(owner);
        if (owner.state === 'freed' && owner.kind === 'heap') this.freed--;
        owner.state = key as BlockState;
        this.toggleBlock(owner);
      } else if (kind === Entry.Block) {
        const id = key as number;
        const now = this.blocks.get(id);
        if (now) this.toggleBlock(now);
        if (owner) {
          this.blocks.set(id, owner);
          this.toggleBlock(owner);
        } else this.blocks.delete(id);
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
    this.observer?.access(block, offset, bytes, false);
    const value = block.cells.get(offset);
    if (value !== undefined && block.widths.get(offset) === bytes) return convert(value, { bits: bytes * 8, signed });
    return this.compose(block, offset, bytes, signed);
  }

  write(block: MemoryBlock, offset: number, bytes: number, value: Value): void {
    this.observer?.access(block, offset, bytes, true);
    if (block.hasUnset) this.set(block, unset(offset), undefined, 0);
    if (block.widths.get(offset) === bytes && block.cells.has(offset)) return this.set(block, offset, value, bytes);
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
    return block.hasUnset ? BigInt(block.cells.get(unset(offset)) ?? 0) : 0n;
  }

  setUnsetBits(block: MemoryBlock, offset: number, mask: bigint): void {
    if (mask !== 0n) block.hasUnset = true;
    if (block.hasUnset) this.set(block, unset(offset), mask === 0n ? undefined : normal(mask), 0);
  }

  hidden(block: MemoryBlock, offset: number, key: string): Value | undefined {
    const name = `${offset}:${key}`;
    this.observer?.access(block, name, 0, false);
    return block.cells.get(name);
  }

  setHidden(block: MemoryBlock, offset: number, key: string, value: Value | undefined): void {
    const name = `${offset}:${key}`;
    this.observer?.access(block, name, 0, true);
    this.set(block, name, value, 0);
  }

  /** The same without telling anybody of an access: letting go of a lock is no place at which others need to be tried. */
  setQuietly(block: MemoryBlock, key: string, value: Value | undefined): void {
    this.set(block, key, value, 0);
  }

  /** A cell becomes what it was before its first write. */
  drop(block: MemoryBlock, key: number): void {
    this.set(block, key, undefined, 0);
  }

  /** Sets bytes to one value, hidden state that lies there included. */
  fill(block: MemoryBlock, offset: number, byte: number, bytes: number): void {
    this.observer?.access(block, offset, bytes, true);
    for (const key of [...block.cells.keys()]) {
      const at = typeof key === 'string' ? Number.parseInt(key, 10) : NaN;
      if (typeof key !== 'string' || !(at >= offset && at < offset + bytes)) continue;
      this.observer?.access(block, key, 0, true);
      this.set(block, key, undefined, 0);
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
    for (const [key, value] of from.cells) {
      if (typeof key !== 'number') continue;
      const width = from.widths.get(key) ?? 1;
      if (key >= fromOffset && key + width <= fromOffset + bytes) moved.push([key - fromOffset, value, width]);
      else if (key < fromOffset + bytes && key + width > fromOffset)
        for (let at = Math.max(key, fromOffset); at < Math.min(key + width, fromOffset + bytes); at++)
          moved.push([at - fromOffset, this.compose(from, at, 1, false), 1]);
    }
    if (from.text !== null) for (let at = 0; at < bytes; at++) moved.push([at, this.compose(from, fromOffset + at, 1, false), 1]);
    this.fillFor(to, toOffset, bytes, from.zeroed || from.text !== null);
    for (const [at, value, width] of moved) {
      if (to.widths.get(toOffset + at) !== width) this.split(to, toOffset + at, width);
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
    for (let at = Math.max(0, offset - widest); at < offset + bytes; at++) {
      const width = block.widths.get(at);
      if (width === undefined || at + width <= offset || (at === offset && width === bytes)) continue;
      this.breakUp(block, at, width, offset, bytes);
    }
  }

  /** Cells in the range go; those that reach into it keep their other bytes. */
  private clear(block: MemoryBlock, offset: number, bytes: number): void {
    for (const key of [...block.cells.keys()]) {
      if (typeof key === 'string') continue;
      const width = block.widths.get(key) ?? 1;
      if (key >= offset && key + width <= offset + bytes) this.set(block, key, undefined, 0);
      else if (key < offset + bytes && key + width > offset) this.breakUp(block, key, width, offset, bytes);
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
    for (let at = offset; at >= Math.max(0, offset - widest); at--) {
      const width = block.widths.get(at);
      const value = width === undefined || at + width <= offset ? undefined : block.cells.get(at);
      if (value === undefined || width === undefined) continue;
      if (typeof value === 'number' && Number.isNaN(value)) return undefined;
      return Number(BigInt.asUintN(8, BigInt(value) >> BigInt(8 * (offset - at))));
    }
    if (block.text !== null) return offset < block.text.length ? block.text.charCodeAt(offset) & 0xff : 0;
    return block.zeroed ? 0 : undefined;
  }

  private set(block: MemoryBlock, key: number | string, value: Value | undefined, width: number): void {
    const old = block.cells.get(key);
    const oldWidth = typeof key === 'number' ? (block.widths.get(key) ?? 0) : 0;
    if (Object.is(old, value) && (value === undefined || oldWidth === width)) return;
    if (typeof key === 'string') block.hasHidden = true;
    if (this.permanent) return this.put(block, key, value, width);
    this.push(Entry.Cell, block, key, old, oldWidth);
    if (this.observer !== null && mayPoint(value)) this.observer.pointer(block, value);
    this.onChange?.(block, key, old, value);
    this.put(block, key, value, width);
  }

  private put(block: MemoryBlock, key: number | string, value: Value | undefined, width: number): void {
    const live = block.state !== 'freed';
    const old = block.cells.get(key);
    if (block.kind !== 'stack' && (mayPoint(old) || mayPoint(value))) this.holding++;
    if (live && old !== undefined) this.toggle(block, key, old);
    if (value === undefined) {
      block.cells.delete(key);
      if (typeof key === 'number') block.widths.delete(key);
    } else {
      block.cells.set(key, value);
      if (typeof key === 'number') block.widths.set(key, width);
      if (live) this.toggle(block, key, value);
    }
  }

  private push(kind: Entry, owner: MemoryBlock | undefined, key: number | string, old: Value | undefined, width: number): void {
    this.kinds.push(kind);
    this.owners.push(owner);
    this.keys.push(key);
    this.olds.push(old);
    this.oldWidths.push(width);
  }

  /** A block's own share of the hash, and its cells' while it is live. */
  private toggleBlock(block: MemoryBlock): void {
    if (block.kind === 'heap') this.holding++;
    if (block.state === 'freed') {
      this.mix(block.id, 0x51ed270b, 3, 7);
      return;
    }
    this.mix(block.id, 0x2545f491, block.state === 'live' ? 1 : 2, block.size);
    for (const [key, value] of block.cells) this.toggle(block, key, value);
  }

  private toggle(block: MemoryBlock, key: number | string, value: Value): void {
    const place = typeof key === 'number' ? key : this.keyHash(key);
    if (typeof value === 'number')
      this.mix(block.id, place, value | 0, Number.isNaN(value) ? 0x7ff80000 : Math.floor(value / 4294967296) | 0);
    else this.mix(block.id, place, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)) ^ 0x5bd1e995);
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
    this.hash1 ^= h1;
    this.hash2 ^= h2;
  }

  private keyHash(key: string): number {
    let known = this.keyHashes.get(key);
    if (known === undefined) {
      known = 0x811c9dc5;
      for (let at = 0; at < key.length; at++) known = Math.imul(known ^ key.charCodeAt(at), 0x01000193);
      this.keyHashes.set(key, known);
    }
    return known;
  }
}
