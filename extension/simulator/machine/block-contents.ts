// What a block holds as a whole: which of its cells may point into the heap, and a hash of all others. Worked out again only where the
// block has become another, as its own hashes tell.
import { heapIds, stackIds } from './machine-state.js';
import { blockSpacing, type MemoryBlock } from './memory-block.js';
import { hashOf } from './text-hash.js';
import { isIndeterminate } from '../code/arithmetic.js';
import type { Value } from '../../kernel/intrinsics/machine.js';

/** A cell, or state that C doesn't see, whose value is an address of the heap. */
export interface HeapPointer {
  /** The offset of a cell, or `offset:key`. */
  readonly key: number | string;
  /** Bytes of the cell; 0 of what C doesn't see. */
  readonly width: number;
  readonly value: number;
}

export interface BlockContents {
  /** In order of offsets, then those that C doesn't see, in order of keys. */
  readonly pointers: readonly HeapPointer[];
  /** Two hashes of what else there is, wherever the block is. */
  readonly other1: number;
  readonly other2: number;
}

/** Contents by the hashes of the block that they were of. */
export interface KnownContents extends BlockContents {
  readonly hash1: number;
  readonly hash2: number;
}

const firstInHeap = heapIds * blockSpacing;
const behindHeap = stackIds * blockSpacing;

export function contentsOf(block: MemoryBlock): BlockContents {
  const { contents } = block;
  if (contents !== null && contents.hash1 === block.hash1 && contents.hash2 === block.hash2) return contents;
  return (block.contents = scanned(block));
}

function scanned(block: MemoryBlock): KnownContents {
  const pointers: HeapPointer[] = [];
  const hash = new ContentsHash();
  const note = (key: number | string, width: number, value: Value): void => {
    if (typeof value === 'number' && value >= firstInHeap && value < behindHeap) pointers.push({ key, width, value });
    else hash.add(typeof key === 'number' ? key : hashOf(key), value);
  };
  for (let at = block.nextCell(0); at >= 0; at = block.nextCell(at + 1)) note(at, block.widthAt(at), block.valueAt(at) ?? NaN);
  if (block.hidden !== null) {
    const keys = [...block.hidden.keys()];
    for (const key of keys.length > 1 ? keys.sort() : keys) note(key, 0, block.hidden.get(key) ?? NaN);
  }
  return { pointers, other1: hash.a, other2: hash.b, hash1: block.hash1, hash2: block.hash2 };
}

/** A sum over cells, so that their order makes no difference. */
export class ContentsHash {
  a = 0;
  b = 0;

  add(place: number, value: Value): void {
    if (typeof value === 'number') this.mix(place, value | 0, isIndeterminate(value) ? 0x7ff80000 : Math.floor(value / 4294967296) | 0);
    else this.mix(place, Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)) ^ 0x5bd1e995);
  }

  mix(b: number, c: number, d: number): void {
    let h = Math.imul(b + 0x7f4a7c15, 0xc2b2ae35) ^ 0x9e3779b9;
    h = Math.imul(h ^ (h >>> 15) ^ c, 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12) ^ d, 0x297a2d39);
    this.a = (this.a + (h ^ (h >>> 15))) | 0;
    let g = Math.imul(b ^ 0x61c88647, 0x9e3779b1) ^ 0x165667b1;
    g = Math.imul(g ^ (g >>> 16) ^ d, 0x7feb352d);
    g = Math.imul(g ^ (g >>> 15) ^ c, 0x846ca68b);
    this.b = (this.b + (g ^ (g >>> 16))) | 0;
  }
}
