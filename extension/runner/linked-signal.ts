// Several reasons to stop, as one.

/**
 * A signal that aborts with the first of others. Not `AbortSignal.any()`: in Node 20 a signal made of signals that were made so
 * may be collected while somebody still listens. `unlink` is for when nobody listens any more.
 */
export function linkedSignal(signals: readonly (AbortSignal | undefined)[]): { readonly signal: AbortSignal; readonly unlink: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const each of signals) {
    if (each?.aborted === true) abort();
    else each?.addEventListener('abort', abort, { once: true });
  }
  return { signal: controller.signal, unlink: () => signals.forEach((each) => each?.removeEventListener('abort', abort)) };
}
