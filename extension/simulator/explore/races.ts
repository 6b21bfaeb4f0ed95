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

/** The number that stands for no block. */
const noBlock = 0;

/** Whether what is put off has begun, in no block: others may always go first. */
export const deferredCell = 'deferred';

export interface Use {
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
    /** Of the block, 0 for none; and which of its cells it is. */
    readonly block: number,
    readonly cell: Cell,
  ) {}
}

/** A use as other searches of the same scenario are told of it. */
export interface ToldUse {
  readonly block: number;
  readonly cell: Cell;
  readonly use: Use;
}

/** The cells of a block, or of what is in none. */
export class UsedBlock {
  private readonly numbered: UsedCell[] = [];
  private readonly others = new Map<string, UsedCell>();

  constructor(
    /** The search that it is part of. */
    readonly races: Races,
    private readonly block: number,
  ) {}

  cell(cell: Cell): UsedCell {
    if (typeof cell === 'string') {
      let known = this.others.get(cell);
      if (known === undefined) this.others.set(cell, (known = this.races.newCell(this.block, cell)));
      return known;
    }
    // Without holes, as far as it is used.
    while (this.numbered.length <= cell - lifeCell) this.numbered.push(this.races.newCell(this.block, this.numbered.length + lifeCell));
    return this.numbered[cell - lifeCell] ?? this.races.newCell(this.block, cell);
  }
}

export class Races {
  private readonly blocks = new Map<number, UsedBlock>();
  private readonly cells: UsedCell[] = [];
  /** What threads share that is in no block: whether somebody reads, and what is put off. */
  readonly noBlock = new UsedBlock(this, noBlock);
  /** Cells of which bytes were found to be contended, in the order in which they were. */
  readonly found: UsedCell[] = [];
  /** Told of every use that is made. */
  sleep: SleepSets | null = null;
  /** Told of each use that is noted for the first time. */
  tell: ((use: ToldUse) => void) | null = null;
  /** Cells that were used since somebody emptied it, and were no scheduling points. */
  readonly passed = new NumberSet();

  constructor() {
    this.noBlock.cell(deferredCell).contended = 1;
  }

  of(block: MemoryBlock): UsedBlock {
    const { watched } = block;
    if (watched instanceof UsedBlock && watched.races === this) return watched;
    const known = this.blockOf(block.id);
    block.watched = known;
    return known;
  }

  private blockOf(id: number): UsedBlock {
    if (id === noBlock) return this.noBlock;
    let known = this.blocks.get(id);
    if (known === undefined) this.blocks.set(id, (known = new UsedBlock(this, id)));
    return known;
  }

  newCell(block: number, cell: Cell): UsedCell {
    const made = new UsedCell(this.cells.length, block, cell);
    this.cells.push(made);
    return made;
  }

  /** All uses that were noted. */
  *uses(): Generator<ToldUse, void, undefined> {
    for (const { block, cell, uses } of this.cells) for (const use of uses) yield { block, cell, use };
  }

  /** Takes up a use that another search noted. */
  learn({ block, cell, use }: ToldUse): void {
    this.add(this.blockOf(block).cell(cell), use);
  }

  isContended(cell: UsedCell, bytes: number): boolean {
    return (cell.contended & bytes) !== 0;
  }

  /** Notes a use that is no scheduling point. */
  note(cell: UsedCell, thread: number, bytes: number, write: boolean, locks: readonly HeldLock[]): void {
    this.passed.add(cell.number);
    for (const each of cell.uses) if (isPartOf(each, thread, bytes, write, locks)) return;
    const use = { thread, bytes, write, locks };
    this.add(cell, use);
    this.tell?.({ block: cell.block, cell: cell.cell, use });
  }

  private add(cell: UsedCell, use: Use): void {
    const { thread, bytes, write, locks } = use;
    const { uses } = cell;
    for (const each of uses) if (isPartOf(each, thread, bytes, write, locks)) return;
    uses.push(use);
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

/** The known use says all that this one says. */
function isPartOf(known: Use, thread: number, bytes: number, write: boolean, locks: readonly HeldLock[]): boolean {
  return known.thread === thread && (known.write || !write) && (known.bytes & bytes) === bytes && sameLocks(known.locks, locks);
}

function sameLocks(a: readonly HeldLock[], b: readonly HeldLock[]): boolean {
  return a === b || (a.length === b.length && a.every((lock, at) => lock.address === b[at]?.address && lock.mode === b[at].mode));
}

/** Some lock is held in both that two threads can't hold like that at once. */
function excluded(a: readonly HeldLock[], b: readonly HeldLock[]): boolean {
  return a.some((lock) => b.some((other) => other.address === lock.address && (lock.mode === 'exclusive' || other.mode === 'exclusive')));
}
