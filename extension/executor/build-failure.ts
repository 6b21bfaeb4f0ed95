// Why a build failed, in the words of those who noticed.
import { dirname } from 'node:path';
import type { RunResult } from './processes.js';
import { ExecutionFailure } from './request.js';

/** An error that was thrown: where the disk is full, one that says so. */
export function explained(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException | null)?.code !== 'ENOSPC') return error;
  const where = (error as NodeJS.ErrnoException).path;
  return new ExecutionFailure(`no space left on the disk${where === undefined ? '' : ` of ${dirname(where)}`}; a build needs about 2 GB`);
}

/** The lines of a failed run that say most. */
export function lastWords({ tail, failure, code }: RunResult): string {
  if (failure) return failure.message;
  const space = tail.find((line) => line.includes('No space left on device'));
  if (space !== undefined) return 'no space left on the disk of the build; it needs about 2 GB';
  const telling = tail.filter((line) => /error|\*\*\*|not found|can't|cannot/i.test(line) && !/^make(\[\d+\])?: \*\*\*/.test(line));
  return telling.at(-1)?.trim() ?? tail.at(-1)?.trim() ?? `make ended with ${code ?? 'a signal'}`;
}
