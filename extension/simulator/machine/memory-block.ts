// A block of memory: what was allocated, or is there from the start, with its cells.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { CType } from '../../syntax/ast.js';
import type { KnownContents } from './block-contents.js';
import { Cells } from './cells.js';

export type BlockKind = 'heap' | 'stack' | 'global' | 'string' | 'function';
export type BlockState = 'live' | 'waiting' | 'freed';

/** Bytes between the beginnings of two blocks; none is larger. */
export const blockSpacing = 0x100000;

export class MemoryBlock {
  state: BlockState = 'live';
  /** Others than the thread whose it is may have found it. */
  published = false;
  /** What whoever observes the memory knows of it: an opaque token of theirs. */
  watched: object | null = null;
  /** Some bits of a cell of it were not set on some path, though others of it were. */
  hasUnset = false;
  /** State that C doesn't see, by `offset:key`; null where none was put there on any path. */
  hidden: Map<string, Value> | null = null;
  /** Where its cells are, and where they begin there. */
  cells = nowhere;
  start = 0;
  /** Cells that there are. */
  count = 0;
  /** Bytes up to the end of the last cell that there was on any path. */
  used = 0;
  /** Two hashes of its cells and of its state that C doesn't see. */
  hash1 = 0;
  hash2 = 0;
  /** What it held when somebody looked last; null where that is not known. */
  contents: KnownContents | null = null;

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

  /** The value of the cell that begins at an offset; undefined where none does. */
  valueAt(offset: number): Value | undefined {
    return this.widthAt(offset) === 0 ? undefined : this.cells.valueAt(this.start + offset);
  }

  /** Bytes of that cell, 0 where none begins there. */
  widthAt(offset: number): number {
    return this.cells.widthAt(this.start + offset);
  }

  /** The offset from `from` on at which the next cell begins; -1 where there is none. */
  nextCell(from: number): number {
    const at = this.cells.next(this.start + from, this.start + this.used);
    return at < 0 ? -1 : at - this.start;
  }
}

/** The cells of a block that is in no memory. */
const nowhere = new Cells(8);
