// A suggestion made a patch of a tree: its hunks are found by what their lines say, whatever a mailer did to blanks and to numbers of lines,
// and are written as the tree has them.
import type { InputProblem } from '../../model/problem.js';
import type { SourceTree } from '../../model/source.js';
import type { SuggestedHunk, SuggestedLine, Suggestion } from '../../model/mail-thread.js';
import { splitLines } from '../decode-text.js';
import type { FileDiff } from '../diff.js';
import type { Hunk, HunkLine } from '../hunk.js';
import { errorAt, quoteLine, warningAt } from '../problems.js';
import type { Patch } from '../series.js';
import { saysSomething } from './align.js';
import { restoredIndentation } from './indentation.js';
import { contentKey } from './patch-places.js';

/** Lines of context on each side of a hunk. */
const around = 3;

/** Lines of the file that may come between two of a hunk. */
const widest = 12;

/** The suggestion as a patch of the tree. `files` are looked through for hunks that name none. What does not apply is in its problems. */
export function patchOfSuggestion(suggestion: Suggestion, tree: SourceTree, files: readonly string[]): Patch {
  const { number, voice, date, message, hunks } = suggestion;
  const source = `suggestion ${number}`;
  const problems: InputProblem[] = [];
  const placed = new Map<string, PlacedHunk[]>();
  for (const hunk of hunks) {
    const candidates = hunk.file === '' ? files : [hunk.file];
    const [best] = candidates.flatMap((file) => placesIn(hunk, file, tree)).sort((a, b) => b.score - a.score);
    if (best === undefined) {
      const where = hunk.file === '' ? `none of the ${files.length} files of the series` : `${hunk.file} with the series`;
      problems.push(errorAt(source, `${quoteLine(hunk.header)} is left out: ${where} has the lines that it changes`));
      continue;
    }
    for (const { text } of best.missing)
      problems.push(warningAt(source, `${quoteLine(text.trim())}, which it removes from ${best.file}, is not there; the rest is applied`));
    placed.set(best.file, [...(placed.get(best.file) ?? []), best]);
  }
  const diff = [...placed].map(([file, found]) => fileDiff(file, found, tree, problems));
  return { source, subject: `${source}, by ${voice}`, author: voice, date, messageId: message, diff, problems };
}

interface PlacedHunk {
  readonly file: string;
  readonly score: number;
  /** For each line of the hunk that is of the old side its 0-based line in the file, null where it is not there. */
  readonly at: readonly (number | null)[];
  readonly missing: readonly SuggestedLine[];
  readonly hunk: SuggestedHunk;
}

/** The best place of a hunk in a file, if there is one. */
function placesIn(hunk: SuggestedHunk, file: string, tree: SourceTree): readonly PlacedHunk[] {
  const text = tree.read(file);
  if (text === undefined) return [];
  const lines = splitLines(text).map(contentKey);
  const old = hunk.lines.map((line, at) => ({ ...line, at, key: contentKey(line.text) })).filter(({ kind }) => kind !== 'added');
  const telling = old.filter(({ key }) => saysSomething(key));
  const [first] = telling;
  if (first === undefined) return [];
  const wanted = /@@\s*(.*)$/.exec(hunk.header.slice(2))?.[1] ?? '';
  const name = /(\w+)\s*\(/.exec(wanted)?.[1];
  const owners = name === undefined ? [] : functionsOf(splitLines(text));
  const hinted = Number(/^@@ -(\d+)/.exec(hunk.header)?.[1] ?? 0);
  let best: PlacedHunk | undefined;
  const starts = new Set(
    telling.slice(0, 4).flatMap((line) => lines.flatMap((key, at) => (key === line.key ? [Math.max(0, at - old.length)] : []))),
  );
  for (const start of starts) {
    const window = lines.slice(start, start + 2 * old.length + widest);
    const common = commonLines(
      old.map(({ key }) => key),
      window,
    );
    const at: (number | null)[] = hunk.lines.map(() => null);
    old.forEach((line, nth) => (at[line.at] = common[nth] === null || common[nth] === undefined ? null : start + common[nth]));
    const found = telling.filter((line) => at[line.at] !== null).length;
    if (found * 2 < telling.length || found < Math.min(2, telling.length)) continue;
    const known = at.filter((place) => place !== null);
    const spread = (known.at(-1) ?? 0) - (known[0] ?? 0) + 1 - known.length;
    const isOwn = name !== undefined && owners[known[0] ?? 0] === name;
    const score = 10 * found - spread + (isOwn ? 15 : 0) - Math.min(5, Math.abs((known[0] ?? 0) + 1 - hinted) / 100);
    const missing = telling.filter((line) => line.kind === 'removed' && at[line.at] === null);
    if (best === undefined || score > best.score) best = { file, score, at, missing, hunk };
  }
  return best === undefined ? [] : [best];
}

/** For each line of the file the function that it is in, by what stands at the margin. */
function functionsOf(lines: readonly string[]): readonly string[] {
  let last = '';
  return lines.map((line) => (last = /^[A-Za-z_][^;{}]*?\b(\w+)\s*\(/.exec(line)?.[1] ?? last));
}

/** For each of `some` the index of an equal one in `others`, as many as can be, in order; of those the ones that stand closest together. */
function commonLines(some: readonly string[], others: readonly string[]): readonly (number | null)[] {
  const weight = (key: string): number => (saysSomething(key) ? 10 : 1);
  const best = Array.from({ length: some.length + 1 }, () => new Float64Array(others.length + 1));
  for (let i = some.length - 1; i >= 0; i--)
    for (let j = others.length - 1; j >= 0; j--) {
      const without = Math.max(best[i + 1]?.[j] ?? 0, (best[i]?.[j + 1] ?? 0) - 0.01);
      const both = some[i] === others[j] ? weight(some[i] ?? '') + (best[i + 1]?.[j + 1] ?? 0) : -1;
      const row = best[i];
      if (row) row[j] = Math.max(without, both);
    }
  const common: (number | null)[] = [];
  let j = 0;
  for (let i = 0; i < some.length; i++) {
    let found: number | null = null;
    for (let at = j; at < others.length; at++) {
      if ((best[i + 1]?.[at] ?? 0) >= (best[i]?.[at] ?? 0)) break;
      if (some[i] === others[at] && (best[i]?.[at] ?? 0) <= weight(some[i] ?? '') + (best[i + 1]?.[at + 1] ?? 0)) {
        found = at;
        break;
      }
    }
    common.push(found);
    if (found !== null) j = found + 1;
  }
  return common;
}

/** The hunks of a file as the tree has its lines. */
function fileDiff(file: string, placed: readonly PlacedHunk[], tree: SourceTree, problems: InputProblem[]): FileDiff {
  const lines = splitLines(tree.read(file) ?? '');
  const hunks: Hunk[] = [];
  let behind = 0;
  let shift = 0;
  for (const each of [...placed].sort((a, b) => firstOf(a) - firstOf(b))) {
    const made = hunkLines(each, lines);
    if (made.start < behind) {
      problems.push(
        errorAt(file, `${quoteLine(each.hunk.header)} is left out: it changes lines that another one of the suggestion changes`),
      );
      continue;
    }
    const oldLines = made.lines.filter(({ kind }) => kind !== 'added').length;
    const newLines = made.lines.filter(({ kind }) => kind !== 'removed').length;
    behind = made.start + oldLines;
    hunks.push({
      number: hunks.length + 1,
      header: each.hunk.header,
      oldStart: made.start + 1,
      oldLines,
      newStart: made.start + 1 + shift,
      newLines,
      line: 1,
      lines: made.lines,
    });
    shift += newLines - oldLines;
  }
  const whole = { path: file, oldPath: file, change: 'modified', copied: false, perhapsAdded: false, perhapsPrefixed: false } as const;
  return { ...whole, hunks, hunkCount: hunks.length, problems: [] };
}

function firstOf({ at }: PlacedHunk): number {
  return at.find((place) => place !== null) ?? 0;
}

/** Its changes as the tree has the lines, with context around; `start` is the 0-based line at which that begins. */
function hunkLines({ hunk, at }: PlacedHunk, lines: readonly string[]): { readonly start: number; readonly lines: readonly HunkLine[] } {
  const known = at.filter((place) => place !== null);
  const first = known[0] ?? 0;
  const start = Math.max(0, first - around);
  const isAsWritten = hunk.lines.some(({ kind, text }, nth) => {
    const place = at[nth];
    if (kind === 'added' || place === null || place === undefined) return false;
    const line = (lines[place] ?? '').trimEnd();
    return /^\s/.test(line) && line === text.trimEnd();
  });
  const read: HunkLine[] = [];
  const context = (end: number): void => {
    for (; next < end; next++) read.push({ kind: 'context', text: lines[next] ?? '' });
  };
  let next = start;
  hunk.lines.forEach(({ kind, text }, nth) => {
    const place = at[nth] ?? null;
    if (kind === 'added') {
      const beside = { read, hunk: hunk.lines, at, nth, lines };
      read.push({ kind, text: `${isAsWritten ? text.trimEnd() : restoredIndentation(text, beside)}\n` });
      return;
    }
    if (place === null || place < next) return;
    context(place);
    read.push({ kind, text: lines[place] ?? '' });
    next = place + 1;
  });
  context(Math.min(lines.length, next + around));
  const changes = (line: HunkLine): boolean => line.kind !== 'context';
  const cut = Math.max(0, read.findIndex(changes) - around);
  return { start: start + cut, lines: read.slice(cut, read.findLastIndex(changes) + 1 + around) };
}
