// A name for texts.
import { createHash } from 'node:crypto';

/** The same for the same texts in the same order, and for no others. */
export function digest(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest('hex');
}
