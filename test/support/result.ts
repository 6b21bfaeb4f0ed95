// Results in tests that are about something else.
import type { Result } from '../../extension/model/result.js';

/** What says why; `where` is what in. */
type Reason = string | { readonly where?: string; readonly message: string };

/** The value; throws what kept it from being made. */
export function valueOf<T>(result: Result<T, Reason>): T {
  if (result.ok) return result.value;
  const { failure } = result;
  if (typeof failure === 'string') throw new Error(failure);
  throw new Error(failure.where === undefined ? failure.message : `${failure.where}: ${failure.message}`);
}

/** What kept the value from being made; throws where nothing did. */
export function failureOf<Failure>(result: Result<unknown, Failure>): Failure {
  if (result.ok) throw new Error('it did not fail');
  return result.failure;
}
