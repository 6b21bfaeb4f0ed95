// Threads that need not go on from a state, as all that follows if they do was gone through from a state before, and nothing that was
// done since makes a difference to it. Sleep sets: Godefroid, Partial-Order Methods for the Verification of Concurrent Systems (LNCS 1032,
// 1996), chapter 5. Every state is still come to, by fewer ways.
import type { UsedCell } from './races.js';

/** What a thread uses from where it was chosen to where others are asked for next, on all ways that calls that may fail and inputs make it take. */
export class Uses {
  /** By cell: bytes that are read, and 8 bits further up bytes that are written. */
  readonly cells = new Map<UsedCell, number>();
  /** It hangs on more than cells: it is never asleep. */
  unbounded = false;

  add(cell: UsedCell, bytes: number, write: boolean): void {
    this.cells.set(cell, (this.cells.get(cell) ?? 0) | (write ? bytes << 8 : bytes));
  }

  conflicts(cell: UsedCell, bytes: number, write: boolean): boolean {
    const known = this.cells.get(cell);
    return known !== undefined && (((known >> 8) & bytes) !== 0 || (write && (known & bytes) !== 0));
  }
}

/** Threads that sleep, by number, with what each uses when it goes on. */
export type Sleeping = ReadonlyMap<number, Uses>;

export const nobody: Sleeping = new Map();

export class SleepSets {
  /** Those that sleep now; replaced, not changed. */
  now: Sleeping = nobody;
  /** What a thread uses that runs, while somebody will want to know; null else. */
  running: Uses | null = null;

  /** The numbers of those that sleep, a bit each. */
  get numbers(): number {
    let numbers = 0;
    for (const thread of this.now.keys()) numbers |= 1 << thread;
    return numbers;
  }

  /** The running thread uses bytes of a cell. */
  use(cell: UsedCell, bytes: number, write: boolean): void {
    this.running?.add(cell, bytes, write);
    if (this.now.size > 0) this.keep((uses) => !uses.conflicts(cell, bytes, write));
  }

  /** What the running thread does hangs on more than it uses, or others may hang on it. */
  useAll(): void {
    if (this.running !== null) this.running.unbounded = true;
    this.now = nobody;
  }

  /** Of some threads, those fall asleep of which all is known that they use. */
  fallAsleep(threads: Sleeping): void {
    this.now = threads;
    this.keep(({ unbounded }) => !unbounded);
  }

  private keep(which: (uses: Uses) => boolean): void {
    for (const uses of this.now.values())
      if (!which(uses)) {
        this.now = new Map([...this.now].filter(([, each]) => which(each)));
        return;
      }
  }
}
