// The lines of a mail with a patch: what each says, and where in which file it is.
import type { PatchPlace } from '../../model/mail-thread.js';
import { readDiff } from '../diff.js';

export interface PatchLine {
  /** What it says, however it is indented, after a mark of what it does: `+`, `-`, or a blank for all others. */
  readonly key: string;
  /** null outside of hunks. */
  readonly place: PatchPlace | null;
  /** `the message`, `a header of the diff`. */
  readonly part: string;
}

/** The same for lines that differ in blanks alone. `isCode`: the mark of a diff's line tells it from others. */
export function lineKey(line: string, isCode = true): string {
  const mark = isCode && /^[+-]/.test(line) ? line.slice(0, 1) : ' ';
  return `${mark}${contentKey(mark === ' ' ? line : line.slice(1))}`;
}

/** The same for texts that differ in blanks alone. */
export function contentKey(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** The lines of a mail's body. */
export function patchLines(body: string): readonly PatchLine[] {
  const lines = body.split('\n');
  const { files, firstDiffLine = lines.length } = readDiff(body, '', 1);
  const found: PatchLine[] = lines.map((line, at) => ({
    key: lineKey(line),
    place: null,
    part: at < firstDiffLine ? 'the message of the patch' : 'the head of a file in the patch',
  }));
  for (const { path, oldPath, hunks } of files)
    for (const { line: header, oldStart, newStart, oldLines, newLines } of hunks) {
      let [before, after] = [oldStart, newStart];
      const end = { before: oldStart + oldLines, after: newStart + newLines };
      for (let at = header; before < end.before || after < end.after; at++) {
        const line = lines[at];
        if (line === undefined) break;
        const mark = line.slice(0, 1);
        if (mark === '\\') continue;
        const side = mark === '-' ? 'old' : 'new';
        const number = side === 'old' ? before : after;
        found[at] = {
          key: lineKey(line),
          place: { file: side === 'old' ? oldPath : path, line: number, side, text: line.slice(1) },
          part: '',
        };
        if (mark !== '+') before++;
        if (mark !== '-') after++;
      }
    }
  return found;
}

/** The same of a diff as somebody quotes it, of which lines may be missing: counted from the beginning of each hunk. */
export function quotedPatchLines(lines: readonly string[]): readonly PatchLine[] {
  let file = '';
  let next: { old: number; new: number } | null = null;
  return lines.map((line) => {
    const named = /^diff --git a\/\S+ b\/(\S+)/.exec(line)?.[1];
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (named !== undefined) {
      file = named;
      next = null;
    }
    if (hunk) next = { old: Number(hunk[1]), new: Number(hunk[2]) };
    const key = lineKey(line);
    const isHead = named !== undefined || hunk !== null || next === null || file === '';
    if (isHead || next === null)
      return { key, place: null, part: file === '' ? 'the message of the patch' : 'the head of a file in the patch' };
    const side = line.startsWith('-') ? ('old' as const) : ('new' as const);
    const place = { file, line: next[side], side, text: line.replace(/^[ +-]/, '') };
    if (!line.startsWith('+')) next.old++;
    if (side === 'new') next.new++;
    return { key, place, part: '' };
  });
}
