// Cells: what lies at which bytes, each a number of a width. Nothing is known of blocks, nor of what was before.
import type { Value } from '../../kernel/intrinsics/machine.js';

/** In the mark of a byte: the cell that begins there has a value that is no number, as it is too large for one. */
const big = 0x10;
/** In the mark of a byte: it belongs to a cell that begins so many bytes before it. */
const behind = 0x80;

/** Room for cells, by byte. It is given away from its beginning, and what was given last is given back first. */
export class Cells {
  /** By byte: the width of the cell that begins there, with `big`; or `behind` and how far its beginning is; 0 where there is none. */
  marks: Uint8Array<ArrayBuffer>;
  /** The same, four bytes at a time. */
  private words: Uint32Array<ArrayBuffer>;
  /** By byte at which a cell begins. */
  values: Float64Array<ArrayBuffer>;
  private readonly bigs = new Map<number, bigint>();
  private top = 0;

  constructor(capacity: number) {
    this.marks = new Uint8Array(capacity);
    this.words = new Uint32Array(this.marks.buffer);
    this.values = new Float64Array(capacity);
  }

  /** Where so many bytes without cells begin, a multiple of 8. */
  reserve(bytes: number): number {
    const start = this.top;
    this.top += (bytes + 7) & ~7;
    this.ensure(this.top);
    this.marks.fill(0, start, this.top);
    return start;
  }

  /** What was reserved at `start` and since then is free. */
  release(start: number): void {
    this.top = start;
  }

  /** Makes room up to there. */
  ensure(bytes: number): void {
    if (bytes <= this.marks.length) return;
    const capacity = Math.max(bytes, 2 * this.marks.length);
    const { marks, values } = this;
    this.marks = new Uint8Array((capacity + 7) & ~7);
    this.marks.set(marks);
    this.words = new Uint32Array(this.marks.buffer);
    this.values = new Float64Array(this.marks.length);
    this.values.set(values);
  }

  /** Bytes of the cell that begins there; 0 where none does. */
  widthAt(at: number): number {
    const mark = this.marks[at] ?? 0;
    return mark < behind ? mark & 0xf : 0;
  }

  /** The value of the cell that begins there. */
  valueAt(at: number): Value {
    const isBig = ((this.marks[at] ?? 0) & big) !== 0;
    return (isBig ? this.bigs.get(at) : this.values[at]) ?? NaN;
  }

  /** Where the cell begins that has that byte; -1 where none has it. */
  cellOver(at: number): number {
    const mark = this.marks[at] ?? 0;
    return mark === 0 ? -1 : mark < behind ? at : at - (mark & 0xf);
  }

  /** Where the first cell begins between two places, or -1. */
  next(from: number, end: number): number {
    const { marks, words } = this;
    let at = from;
    while (at < end) {
      const mark = marks[at] ?? 0;
      if (mark !== 0 && mark < behind) return at;
      at += (at & 3) === 0 && words[at >> 2] === 0 ? 4 : 1;
    }
    return -1;
  }

  /** No cell has one of these bytes. */
  isFree(at: number, bytes: number): boolean {
    if (bytes === 8 && (at & 3) === 0) return this.words[at >> 2] === 0 && this.words[(at >> 2) + 1] === 0;
    if (bytes === 4 && (at & 3) === 0) return this.words[at >> 2] === 0;
    for (let each = at; each < at + bytes; each++) if (this.marks[each] !== 0) return false;
    return true;
  }

  /** A cell comes to be there, where none is but one that begins there; or with width 0 goes. */
  put(at: number, width: number, value: Value): void {
    const { marks } = this;
    const old = marks[at] ?? 0;
    if ((old & 0xf) !== width) {
      for (let each = (old & 0xf) - 1; each >= 0; each--) marks[at + each] = 0;
      for (let each = width - 1; each > 0; each--) marks[at + each] = behind | each;
    }
    if (old & big) this.bigs.delete(at);
    if (width === 0) return;
    if (typeof value === 'number') {
      marks[at] = width;
      this.values[at] = value;
    } else {
      marks[at] = width | big;
      this.bigs.set(at, value);
    }
  }
}
