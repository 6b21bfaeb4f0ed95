// Which cells two threads may use at the same time, at least one of them to write: only there the order of threads
// matters. Found while paths run, by the locks that are held (as Eraser does: Savage et al., TOCS 1997); when a new cell is
// found the space has to be gone through again, with scheduling points there, until none is new.
import type { Block } from './memory.js';
import { blockSpacing } from './memory.js';
import type { HeldLock } from './thread.js';

export type Cell = number | string;

interface Use {
  readonly thread: number;
  readonly write: boolean;
  readonly locks: readonly HeldLock[];
}

export function cellOf(block: Block, key: number | string): Cell {
  return typeof key === 'number' ? block.id * blockSpacing + key : `${block.id}:${key}`;
}

export class Races {
  private readonly uses = new Map<Cell, Use[]>();
  private readonly contended = new Set<Cell>();
  /** Grows whenever a cell is found to be contended. */
  found = 0;

  /** Scheduling points are before every use of it. */
  has(cell: Cell): boolean {
    return this.contended.has(cell);
  }

  /** Notes a use; says whether it made the cell contended just now. */
  note(cell: Cell, thread: number, write: boolean, locks: readonly HeldLock[]): boolean {
    if (this.contended.has(cell)) return false;
    let uses = this.uses.get(cell);
    if (!uses) this.uses.set(cell, (uses = []));
    for (const use of uses) if (use.thread === thread && (use.write || !write) && sameLocks(use.locks, locks)) return false;
    uses.push({ thread, write, locks });
    for (const use of uses)
      if (use.thread !== thread && (use.write || write) && !excluded(use.locks, locks)) {
        this.contended.add(cell);
        this.uses.delete(cell);
        this.found++;
        return true;
      }
    return false;
  }
}

/** For a path whose switches are given: no access is a scheduling point. */
export class NoRaces extends Races {
  override has(): boolean {
    return false;
  }

  override note(): boolean {
    return false;
  }
}

function sameLocks(a: readonly HeldLock[], b: readonly HeldLock[]): boolean {
  return a === b || (a.length === b.length && a.every((lock, at) => lock.address === b[at]?.address && lock.mode === b[at].mode));
}

/** Some lock is held in both that two threads can't hold like that at once. */
function excluded(a: readonly HeldLock[], b: readonly HeldLock[]): boolean {
  return a.some((lock) => b.some((other) => other.address === lock.address && (lock.mode === 'exclusive' || other.mode === 'exclusive')));
}
