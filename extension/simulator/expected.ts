// Whether operations answer what their scenario expects of them.
import type { Value } from '../kernel/intrinsics/machine.js';
import { errnoText } from '../scenario/errno.js';
import { expectationText, isExpected } from '../scenario/expectation.js';
import type { Operation } from './script.js';

/** What is wrong with the answer of an operation, or null. */
export function unexpectedAnswer({ text, expect }: Operation, answer: Value): string | null {
  if (expect === null || isExpected(expect, Number(answer))) return null;
  return `${text} answers ${errnoText(Number(answer))}; ${expectationText(expect)} is expected`;
}
