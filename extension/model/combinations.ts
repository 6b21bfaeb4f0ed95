// What the operations of a scenario answer together over the orders of its threads: what a race decides.
import { leftOut } from './missing.js';

/** What the operations of a scenario with parallel steps answered together, over the orders of threads and without faults. */
export interface Combinations {
  /** All operations of the scenario, as a person writes them; 0-based threads, 0 is the main one. */
  readonly operations: readonly { readonly text: string; readonly thread: number }[];
  /** Indices of those that answer otherwise in another order: what tells the combinations apart. */
  readonly differing: readonly number[];
  /** Each different one once; those with the fewest switches first. */
  readonly each: readonly Combination[];
  /** All orders within the bound of preemptions were run, whatever became of the paths with faults. */
  readonly exhaustive: boolean;
}

export interface Combination {
  /**
   * By operation: `0`, `-EBUSY`, `left out`; `ok` for a reference whose number says nothing; null where the path ended before.
   * Ids that were handed out in another order are no other answers: the numbers are those of `schedule`.
   */
  readonly answers: readonly (string | null)[];
  /** The error with which the path ended; null where it did not. */
  readonly ended: string | null;
  /** An order that gives it. */
  readonly schedule: string;
  /** Scenario and schedule in one line, which `--replay` and the editor take; there where a runner ran it. */
  readonly replay?: string;
}

/** With more of them, combinations that no order gives are no news. */
const mostNeverGiven = 4;

/**
 * Combinations of answers each of which is given in some order, and not together in any. None where there are too many of them, or
 * where orders end in an error, so that nobody knows what they would have answered.
 */
export function combinationsNeverGiven({ differing, each }: Combinations): readonly (readonly string[])[] {
  if (each.some(({ ended }) => ended !== null)) return [];
  // That one is left out follows from what it refers to.
  const free = differing.filter((at) => each.every(({ answers }) => answers[at] !== leftOut));
  const columns = free.map((at) => [...new Set(each.map(({ answers }) => answers[at] ?? ''))]);
  const possible = columns.reduce((count, column) => count * column.length, 1);
  const given = new Set(each.map(({ answers }) => JSON.stringify(free.map((at) => answers[at]))));
  if (free.length < 2 || possible - given.size > mostNeverGiven) return [];
  const product = columns.reduce<readonly (readonly string[])[]>(
    (all, column) => all.flatMap((before) => column.map((answer) => [...before, answer])),
    [[]],
  );
  return product.filter((answers) => !given.has(JSON.stringify(answers)));
}
