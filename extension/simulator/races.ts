// Which cells two threads may use at the same time, at least one of them to write: only there the order of threads
// matters. Found while paths run, by the locks that are held (as Eraser does: Savage et al., TOCS 1997); when a new cell is
// found the space has to be gone through again, with scheduling points there, until none is new.
import type { HeldLock } from './thread.js';

/** Within a block: an offset in bytes, or the key of hidden state; `life` is the block's being there at all. */
export type Cell = number | string;

interface Use {
  readonly thread: number;
  readonly write: boolean;
  readonly locks: readonly HeldLock[];
}

export class Races {
  private readonly uses = new Map<number, Map<Cell, Use[]>>();
  private readonly contended = new Map<number, Set<Cell>>();
  /** Grows whenever a cell is found to be contended. */
  found = 0;

  /** Scheduling points are before every use of it. */
  has(block: number, cell: Cell): boolean {
    return this.contended.get(block)?.has(cell) === true;
  }

  /** Notes a use. */
  note(block: number, cell: Cell, thread: number, write: boolean, locks: readonly HeldLock[]): void {
    let cells = this.uses.get(block);
    if (!cells) this.uses.set(block, (cells = new Map<Cell, Use[]>()));
    let uses = cells.get(cell);
    if (!uses) cells.set(cell, (uses = []));
    for (const use of uses) if (use.thread === thread && (use.write || !write) && sameLocks(use.locks, locks)) return;
    uses.push({ thread, write, locks });
    for (const use of uses)
      if (use.thread !== thread && (use.write || write) && !excluded(use.locks, locks)) {
        let contended = this.contended.get(block);
        if (!contended) this.contended.set(block, (contended = new Set()));
        contended.add(cell);
        cells.delete(cell);
        this.found++;
        return;
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
