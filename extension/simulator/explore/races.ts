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

export class Races {
  private readonly uses = new Map<number, Map<Cell, Use[]>>();
  private readonly contended = new Map<number, Map<Cell, number>>([[noBlock, new Map<Cell, number>([[deferredCell, 1]])]]);
  /** Grows whenever bytes are found to be contended. */
  found = 0;

  /** Scheduling points are before every use of one of these bytes. */
  has(block: number, cell: Cell, bytes: number): boolean {
    return ((this.contended.get(block)?.get(cell) ?? 0) & bytes) !== 0;
  }

  /** Notes a use. */
  note(block: number, cell: Cell, use: Use): void {
    const { thread, bytes, write, locks } = use;
    const uses = entryOf(
      entryOf(this.uses, block, () => new Map<Cell, Use[]>()),
      cell,
      (): Use[] => [],
    );
    for (const each of uses)
      if (each.thread === thread && (each.write || !write) && (each.bytes & bytes) === bytes && sameLocks(each.locks, locks)) return;
    uses.push(use);
    for (const each of uses)
      if (each.thread !== thread && (each.write || write) && (each.bytes & bytes) !== 0 && !excluded(each.locks, locks)) {
        const cells = entryOf(this.contended, block, () => new Map<Cell, number>());
        const before = cells.get(cell) ?? 0;
        cells.set(cell, before | (each.bytes & bytes));
        if (cells.get(cell) !== before) this.found++;
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

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let known = map.get(key);
  if (known === undefined) map.set(key, (known = make()));
  return known;
}

function sameLocks(a: readonly HeldLock[], b: readonly HeldLock[]): boolean {
  return a === b || (a.length === b.length && a.every((lock, at) => lock.address === b[at]?.address && lock.mode === b[at].mode));
}

/** Some lock is held in both that two threads can't hold like that at once. */
function excluded(a: readonly HeldLock[], b: readonly HeldLock[]): boolean {
  return a.some((lock) => b.some((other) => other.address === lock.address && (lock.mode === 'exclusive' || other.mode === 'exclusive')));
}
