// What differs between two trees, as one patch that is applied already.
import type { ReviewedFile } from '../model/review.js';
import type { SourceTree } from '../model/source.js';
import type { Applied } from './apply.js';

/** The files among `paths` that differ, as a patch without text of its own; null where none does. A file that moved is a new one. */
export function changesBetween(before: SourceTree, after: SourceTree, paths: Iterable<string>, source: string): Applied | null {
  const files = [...new Set(paths)].sort().flatMap((path): readonly ReviewedFile[] => {
    const [old, now] = [before.read(path), after.read(path)];
    if (old === now) return [];
    const change = old === undefined ? 'added' : now === undefined ? 'deleted' : 'modified';
    return [{ path, oldPath: path, change, hunks: 0, hunksApplied: 0, problems: [] }];
  });
  if (files.length === 0) return null;
  const names = files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const subject = names.length > 2 ? `${names[0] ?? ''} and ${names.length - 1} more files` : names.join(' and ');
  return { patch: { source, subject, author: '', date: '', messageId: '', diff: [], problems: [] }, tree: after, files };
}
