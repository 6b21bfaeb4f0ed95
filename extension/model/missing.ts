// Steps that refer to what an earlier one did not give.
import type { LineNumber } from './source.js';

/** A step that refers to what an earlier one did not give. */
export interface MissingAnswer {
  /** As a person writes it: `read(file=a)`. */
  readonly operation: string;
  /** 1-based line in the scenario; 0 where generated. */
  readonly line: LineNumber;
  /** The step that it refers to, and what that answered: `-EBADF`, or null where it was left out itself. */
  readonly refersTo: string;
  readonly answered: string | null;
  /** The number that stood in for the answer, as the vocabulary says; null where the step was left out. */
  readonly instead: number | null;
}

/** In words for what a step answered that was not done. */
export const leftOut = 'left out';
