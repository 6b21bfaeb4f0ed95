// One at a time across processes: flock(1) holds a file for as long as its standard input is open, so that a lock ends with
// whoever took it, however that ends.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ok, type Result } from '../model/result.js';
import { end, lines, start } from './processes.js';
import { notExecutable, type ExecutionFailure } from './request.js';

/** Milliseconds after which waiting is worth a word. */
const soon = 200;

/** Waits until nobody holds the lock `path`, takes it, and answers how to give it back. Rejects with what the signal aborts with. */
export async function lockFile(
  path: string,
  { signal, onWait }: { readonly signal?: AbortSignal | undefined; readonly onWait?: () => void } = {},
): Promise<Result<() => void, ExecutionFailure>> {
  signal?.throwIfAborted();
  mkdirSync(dirname(path), { recursive: true });
  const child = start('flock', [path, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = onWait && setTimeout(onWait, soon);
  const cancel = (): void => end(child);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const why = await new Promise<string | null>((done) => {
      lines(child.stdout, (line) => line === 'held' && done(null));
      child.once('error', (error) => done(`flock can't be run (package util-linux): ${error.message}`));
      child.once('close', () => done(`${path} can't be locked`));
    });
    signal?.throwIfAborted();
    if (why !== null) return notExecutable(why);
  } finally {
    clearTimeout(waiting);
    signal?.removeEventListener('abort', cancel);
  }
  child.unref();
  return ok(() => void child.stdin?.end());
}
