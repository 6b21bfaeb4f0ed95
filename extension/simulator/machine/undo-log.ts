// What was changed in memory, so that it can be undone.
import type { MemoryBlock } from './memory-block.js';

/** What an entry of the log says was changed. */
export const entry = { cell: 0, hidden: 1, state: 2, published: 3, block: 4 } as const;

/** What was changed, in the order in which it was. */
export class UndoLog {
  length = 0;
  kinds = new Uint8Array(1 << 12);
  /** The place of a cell, the width it had and its value as far as that is a number. */
  places = new Int32Array(1 << 12);
  widths = new Uint8Array(1 << 12);
  values = new Float64Array(1 << 12);
  /** What came to the hashes. */
  hashes1 = new Int32Array(1 << 12);
  hashes2 = new Int32Array(1 << 12);
  readonly owners: (MemoryBlock | undefined)[] = [];
  /** The key of state that C doesn't see, or what there was of other things. */
  readonly others: unknown[] = [];

  /** The place of the next entry, which its owner is written to. */
  push(kind: number, owner: MemoryBlock | undefined, other: unknown): number {
    const at = this.length++;
    if (at === this.kinds.length) this.grow();
    this.kinds[at] = kind;
    this.owners[at] = owner;
    this.others[at] = other;
    return at;
  }

  private grow(): void {
    const longer = <T extends { set(from: T): void; readonly length: number }>(old: T, make: new (length: number) => T): T => {
      const made = new make(2 * old.length);
      made.set(old);
      return made;
    };
    this.kinds = longer(this.kinds, Uint8Array);
    this.places = longer(this.places, Int32Array);
    this.widths = longer(this.widths, Uint8Array);
    this.values = longer(this.values, Float64Array);
    this.hashes1 = longer(this.hashes1, Int32Array);
    this.hashes2 = longer(this.hashes2, Int32Array);
  }
}
