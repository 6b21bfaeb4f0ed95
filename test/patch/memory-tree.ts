// A tree of a few files, written in the test.
import { readDiff } from '../../extension/patch/diff.js';
import { overlayTree } from '../../extension/patch/overlay-tree.js';
import type { Patch } from '../../extension/patch/series.js';
import type { SourceTree } from '../../extension/model/source.js';

const nothing: SourceTree = { label: 'nothing', read: () => undefined, list: () => [] };

export function memoryTree(files: Readonly<Record<string, string>>): SourceTree {
  return overlayTree(nothing, new Map(Object.entries(files)), 'linux');
}

/** A bare diff as a patch. */
export function patchOf(diff: string, source = 'fix.patch'): Patch {
  const { files, problems } = readDiff(diff, source);
  return { source, subject: '', author: '', date: '', messageId: '', message: '', diff: files, problems };
}
