// Whether operations answer what their scenario expects of them.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { MissingAnswer } from '../../model/missing.js';
import { errnoText } from '../../scenario/errno.js';
import { expectationText, isExpected } from '../../scenario/expectation.js';
import type { Operation } from './script.js';

/** What is wrong with the answer of an operation, or null. */
export function unexpectedAnswer({ text, expect }: Operation, answer: Value): string | null {
  if (expect === null || isExpected(expect, Number(answer))) return null;
  return `${text} answers ${errnoText(Number(answer))}; ${expectationText(expect)} is expected`;
}

/** What is wrong with an operation being left out, or null: nothing where it is expected to fail, as it gives no more than that. */
export function unexpectedlyLeftOut({ text, expect }: Operation, missing: MissingAnswer): string | null {
  if (expect === null || isExpected(expect, null)) return null;
  return `${text} is left out, as ${reasonOf(missing)}; ${expectationText(expect)} is expected`;
}

function reasonOf({ refersTo, answered }: MissingAnswer): string {
  return `${refersTo} ${answered === null ? 'is left out' : `answers ${answered}`}`;
}
