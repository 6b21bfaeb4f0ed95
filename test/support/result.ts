// Results in tests that are about something else.
import type { InputProblem } from '../../extension/model/problem.js';
import type { Result } from '../../extension/model/result.js';

/** The value; throws what kept it from being made. */
export function valueOf<T>(result: Result<T, InputProblem | string>): T {
  if (result.ok) return result.value;
  const { failure } = result;
  throw new Error(typeof failure === 'string' ? failure : `${failure.where}: ${failure.message}`);
}
