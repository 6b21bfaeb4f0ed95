// Which point of which operation is to fail next.
import type { InjectedFault, GuestRun } from './guest-session.js';

/** More points than an operation has: where fail-nth is never used up, something is wrong with it. */
const mostPoints = 200;

/** What was run last, and with which fault. */
interface Last {
  readonly fault: InjectedFault | null;
  readonly run: Pick<GuestRun, 'left' | 'failure'>;
}

/**
 * The fault after what was run last, undefined where there are no more: every point of every operation, until one ends with its
 * fault unused; or one point of each.
 */
export function nextFault(operations: number, faults: 'all' | number, last: Last | undefined): InjectedFault | undefined {
  const before = last?.fault ?? null;
  if (last === undefined || before === null) return operations > 0 ? { operation: 0, nth: faults === 'all' ? 1 : faults } : undefined;
  const used = last.run.left === 0 || last.run.failure !== null;
  if (faults === 'all' && used && before.nth < mostPoints) return { operation: before.operation, nth: before.nth + 1 };
  const operation = before.operation + 1;
  return operation < operations ? { operation, nth: faults === 'all' ? 1 : faults } : undefined;
}
