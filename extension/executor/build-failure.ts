// Why a build failed, in the words of those who noticed.
import { dirname } from 'node:path';
import type { Failed } from '../model/result.js';
import type { RunResult } from './processes.js';
import { notExecutable, type ExecutionFailure } from './request.js';

/** What a full disk comes to; throws again what else was thrown. */
export function diskFull(error: unknown): Failed<ExecutionFailure> {
  if ((error as NodeJS.ErrnoException | null)?.code !== 'ENOSPC') throw error;
  const where = (error as NodeJS.ErrnoException).path;
  return notExecutable(`no space left on the disk${where === undefined ? '' : ` of ${dirname(where)}`}; a build needs about 2 GB`);
}

/** The lines of a failed run that say most. */
export function lastWords({ tail, failure, code }: RunResult): string {
  if (failure) return failure.message;
  const space = tail.find((line) => line.includes('No space left on device'));
  if (space !== undefined) return 'no space left on the disk of the build; it needs about 2 GB';
  const telling = tail.filter((line) => /error|\*\*\*|not found|can't|cannot/i.test(line) && !/^make(\[\d+\])?: \*\*\*/.test(line));
  return telling.at(-1)?.trim() ?? tail.at(-1)?.trim() ?? `make ended with ${code ?? 'a signal'}`;
}
