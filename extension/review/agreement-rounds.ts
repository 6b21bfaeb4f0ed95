// A scenario is run several times in one kernel: what its operations answered each time.
import type { ExecutedOperation, ExecutionResult } from '../model/execution.js';
import { errnoText } from '../scenario/errno.js';
import type { ResolvedScenario } from '../scenario/resolve.js';

/** In words for an operation that refers to what an earlier one did not give. */
export const leftOut = 'left out';

/** The operations as the first round answered them, then as each other round that answered otherwise did. */
export function roundsOf(
  { operations, variants = [] }: Pick<ExecutionResult, 'operations' | 'variants'>,
  resolved: ResolvedScenario,
): readonly (readonly ExecutedOperation[])[] {
  const others = variants.map((answers) =>
    operations.map((operation, at): ExecutedOperation => {
      const answer = answers[at] ?? null;
      return { ...operation, answer, answerText: answer === null ? unanswered(answers, at, resolved) : errnoText(answer) };
    }),
  );
  return [operations, ...others];
}

function unanswered(answers: readonly (number | null)[], at: number, { operations }: ResolvedScenario): string {
  const refers = operations[at]?.arguments.some((argument) => 'answerOf' in argument && (answers[argument.answerOf] ?? -1) < 0);
  return refers === true ? leftOut : 'did not end';
}
