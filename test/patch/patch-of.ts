// A diff written in a test.
import { readDiff } from '../../extension/patch/diff.js';
import type { Patch } from '../../extension/patch/series.js';

/** A bare diff as a patch. */
export function patchOf(diff: string, source = 'fix.patch'): Patch {
  const { files, problems } = readDiff(diff, source);
  return { source, subject: '', author: '', date: '', messageId: '', diff: files, problems };
}
