// A scenario is run several times in one kernel: what its operations answered each time.
import type { ExecutedOperation, ExecutionResult } from '../model/execution.js';
import { leftOut } from '../model/missing.js';
import { errnoText } from '../scenario/errno.js';
import { isLeftOut, lacking, type ResolvedOperation, type ResolvedScenario } from '../scenario/resolve.js';
import { hasFailed } from './agreement-faults.js';

/** The operations as the first round answered them, then as each other round that answered otherwise did. */
export function roundsOf(
  { operations, variants = [], fault }: Pick<ExecutionResult, 'operations' | 'variants' | 'fault'>,
  resolved: ResolvedScenario,
): readonly (readonly ExecutedOperation[])[] {
  const others = variants.map((answers) =>
    operations.map((operation, at): ExecutedOperation => {
      const answer = answers[at] ?? null;
      return {
        ...operation,
        answer,
        answerText: answer === null ? unanswered(answers, resolved.operations[at], hasFailed(fault)) : errnoText(answer),
      };
    }),
  );
  return [operations, ...others];
}

function unanswered(answers: readonly (number | null)[], operation: ResolvedOperation | undefined, injected: boolean): string {
  const missing = operation === undefined ? [] : lacking(operation, (index) => (answers[index] ?? -1) >= 0);
  return isLeftOut(missing, injected) ? leftOut : 'did not end';
}
