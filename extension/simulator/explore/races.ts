// Which memory two threads may use at the same time, at least one of them to write: only there the order of threads
// matters. Found while paths run, by the locks that are held (as Eraser does: Savage et al., TOCS 1997); when more is
// found the space has to be gone through again, with scheduling points there, until nothing is new.
import type { MemoryBlock } from '../machine/memory-block.js';
import type { HeldLock } from '../machine/thread.js';
import { NumberSet } from './number-set.js';
import type { SleepSets } from './sleep-sets.js';

/** Within a block: a word of 8 bytes, by its number, or the key of hidden state. */
export type Cell = number | string;

/** The block's being there at all. */
export const lifeCell = -1;

/** What memory is gone, in no block: ends of operations look at all of it. */
export const gone = 'gone';

/** Whether what is put off has begun, in no block: others may always go first. */
export const deferredCell = 'deferred';

interface Use {
  readonly thread: number;
  /** Bytes of the word, a bit each, from the lowest address. */
  readonly bytes: number;
  readonly write: boolean;
  readonly locks: readonly HeldLock[];
}

/** A cell that threads use. */
export class UsedCell {
  /** Scheduling points are before every use of one of these bytes. */
  contended = 0;
  readonly uses: Use[] = [];

  constructor(
    /** No other cell of the search has it. */
    readonly number: number,
  ) {}
}

/** The cells of a block, or of what is in none. */
export class UsedBlock {
  private readonly numbered: UsedCell[] = [];
  private readonly others = new Map<string, UsedCell>();

  constructor(
    /** The search that it is part of. */
    readonly races: Races,
  ) {}

  cell(cell: Cell): UsedCell {
    if (typeof cell === 'string') {
      let known = this.others.get(cell);
      if (known === undefined) this.others.set(cell, (known = this.races.newCell()));
      return known;
    }
    // Without holes, as far as it is used.
    while (this.numbered.length <= cell - lifeCell) this.numbered.push(this.races.newCell());
    return this.numbered[cell - lifeCell] ?? this.races.newCell();
  }
}

export class Races {
  private readonly blocks = new Map<number, UsedBlock>();
  private cells = 0;
  /** What threads share that is in no block: whether somebody reads, and what is put off. */
  readonly noBlock = new UsedBlock(this);
  /** Cells of which bytes were found to be contended, in the order in which they were. */
  readonly found: UsedCell[] = [];
  /** Told of every use that is made. */
  sleep: SleepSets | null = null;
  /** Cells that were used since somebody emptied it, and were no scheduling points. */
  readonly passed = new NumberSet();

  constructor() {
    this.noBlock.cell(deferredCell).contended = 1;
  }

  of(block: MemoryBlock): UsedBlock {
    const { watched } = block;
    if (watched instanceof UsedBlock && watched.races === this) return watched;
    let known = this.blocks.get(block.id);
    if (known === undefined) this.blocks.set(block.id, (known = new UsedBlock(this)));
    block.watched = known;
    return known;
  }

  newCell(): UsedCell {
    return new UsedCell(this.cells++);
  }

  isContended(cell: UsedCell, bytes: number): boolean {
    return (cell.contended & bytes) !== 0;
  }

  /** Notes a use that is no scheduling point. */
  note(cell: UsedCell, thread: number, bytes: number, write: boolean, locks: readonly HeldLock[]): void {
    this.passed.add(cell.number);
    const { uses } = cell;
    for (const each of uses)
      if (each.thread === thread && (each.write || !write) && (each.bytes & bytes) === bytes && sameLocks(each.locks, locks)) return;
    uses.push({ thread, bytes, write, locks });
    for (const each of uses)
      if (each.thread !== thread && (each.write || write) && (each.bytes & bytes) !== 0 && !excluded(each.locks, locks)) {
        const before = cell.contended;
        cell.contended |= each.bytes & bytes;
        if (cell.contended !== before) this.found.push(cell);
      }
  }
}

/** For a path whose switches are given: no access is a scheduling point. */
export class NoRaces extends Races {
  override isContended(): boolean {
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
