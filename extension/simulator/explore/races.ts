// Which memory two threads may use at the same time, at least one of them to write: only there the order of threads
// matters. Found while paths run, by the locks that are held (as Eraser does: Savage et al., TOCS 1997); when more is
// found the space has to be gone through again, with scheduling points there, until nothing is new.
import type { HeldLock } from '../machine/thread.js';

/** Within a block: a word of 8 bytes, by its number, or the key of hidden state; `life` is the block's being there at all. */
export type Cell = number | string;

/** What threads share that is in no block. */
export const noBlock = -1;

/** Whether what is put off has begun, in no block: others may always go first. */
export const deferredCell = 'deferred';

interface Use {
  readonly thread: number;
  /** Bytes of the word, a bit each, from the lowest address. */
  readonly bytes: number;
  readonly write: boolean;
  readonly locks: readonly HeldLock[];
}

class UsedCell {
  /** Scheduling points are before every use of one of these bytes. */
  contended = 0;
  readonly uses: Use[] = [];
}

/** The cells of a block: of words, by number, and of the rest. */
class UsedBlock {
  readonly words: UsedCell[] = [];
  readonly others = new Map<string, UsedCell>();

  of(cell: Cell): UsedCell | undefined {
    return typeof cell === 'number' ? this.words[cell] : this.others.get(cell);
  }

  made(cell: Cell): UsedCell {
    let known = this.of(cell);
    if (known !== undefined) return known;
    known = new UsedCell();
    if (typeof cell === 'string') this.others.set(cell, known);
    // Without holes, as far as it is used.
    else for (let at = this.words.length; at <= cell; at++) this.words[at] = at === cell ? known : new UsedCell();
    return known;
  }
}

export class Races {
  private readonly blocks = new Map<number, UsedBlock>();
  /** Grows whenever bytes are found to be contended. */
  found = 0;

  constructor() {
    this.blockOf(noBlock).made(deferredCell).contended = 1;
  }

  private blockOf(block: number): UsedBlock {
    let known = this.blocks.get(block);
    if (known === undefined) this.blocks.set(block, (known = new UsedBlock()));
    return known;
  }

  /** Scheduling points are before every use of one of these bytes. */
  has(block: number, cell: Cell, bytes: number): boolean {
    const known = this.blocks.get(block)?.of(cell);
    return known !== undefined && (known.contended & bytes) !== 0;
  }

  /** Notes a use. */
  note(block: number, cell: Cell, thread: number, bytes: number, write: boolean, locks: readonly HeldLock[]): void {
    const used = this.blockOf(block).made(cell);
    const { uses } = used;
    for (const each of uses)
      if (each.thread === thread && (each.write || !write) && (each.bytes & bytes) === bytes && sameLocks(each.locks, locks)) return;
    uses.push({ thread, bytes, write, locks });
    for (const each of uses)
      if (each.thread !== thread && (each.write || write) && (each.bytes & bytes) !== 0 && !excluded(each.locks, locks)) {
        const before = used.contended;
        used.contended |= each.bytes & bytes;
        if (used.contended !== before) this.found++;
      }
  }
}

/** For a path whose switches are given: no access is a scheduling point. */
export class NoRaces extends Races {
  override has(): boolean {
    return false;
  }

  override note(): void {
    // Nobody asks.
  }
}

function sameLocks(a: readonly HeldLock[], b: readonly HeldLock[]): boolean {
  return a === b || (a.length === b.length && a.every((lock, at) => lock.address === b[at]?.address && lock.mode === b[at].mode));
}

/** Some lock is held in both that two threads can't hold like that at once. */
function excluded(a: readonly HeldLock[], b: readonly HeldLock[]): boolean {
  return a.some((lock) => b.some((other) => other.address === lock.address && (lock.mode === 'exclusive' || other.mode === 'exclusive')));
}
