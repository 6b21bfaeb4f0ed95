// A series applied to a tree, in memory.
import { counted } from '../model/plural.js';
import type { InputProblem } from '../model/problem.js';
import type { ReviewedFile } from '../model/review.js';
import type { SourceTree } from '../model/source.js';
import type { FileDiff } from './diff.js';
import type { Hunk } from './hunk.js';
import { placeHunk, type Mismatch, type Placement, type Same } from './hunk-place.js';
import { overlayTree } from './overlay-tree.js';
import { splitPath } from './paths.js';
import { errorAt, quoteLine, warningAt } from './problems.js';
import type { Patch } from './series.js';
import { splitLines } from './decode-text.js';

export interface Applied {
  readonly patch: Patch;
  /** The base with this patch and those before it. */
  readonly tree: SourceTree;
  /** In the order of the patch, without those that it had to leave out (`patch.problems`). */
  readonly files: readonly ReviewedFile[];
}

/**
 * Each patch applied on top of those before it. Hunks that do not apply are left out and said in the file's
 * problems (where: the path in the tree, line: 1-based where the file first differs), the rest is applied.
 * Nothing is written to disk.
 */
export function applyPatches(base: SourceTree, patches: readonly Patch[]): Applied[] {
  const files = new Map<string, string | null>();
  let before = base;
  return patches.map((patch, index) => {
    const step = new Step(before);
    const reviewed = patch.diff.map((diff) => step.apply(diff));
    for (const [path, text] of step.changed) files.set(path, text);
    const what = index === 0 ? patch.subject || patch.source : `${index + 1} patches`;
    before = overlayTree(base, new Map(files), `${base.label} + ${what}`);
    return { patch, tree: before, files: reviewed };
  });
}

interface AppliedText {
  readonly text: string;
  readonly hunksApplied: number;
}

/** One patch on one tree. */
class Step {
  readonly changed = new Map<string, string | null>();

  constructor(private readonly before: SourceTree) {}

  apply(given: FileDiff): ReviewedFile {
    const problems: InputProblem[] = [...given.problems];
    const diff = this.settled(this.relocated(given, problems), problems);
    const applied = diff.change === 'binary' ? 0 : this.applyFile(diff, problems);
    const { path, oldPath, change, hunkCount } = diff;
    return { path, oldPath, change, hunks: hunkCount, hunksApplied: applied, problems };
  }

  private read(path: string): string | undefined {
    const changed = this.changed.get(path);
    return changed === undefined ? this.before.read(path) : (changed ?? undefined);
  }

  /** The same with the first folder taken off the paths, where the tree has the file only so (`diff -u linux/x linux/x`). */
  private relocated(diff: FileDiff, problems: InputProblem[]): FileDiff {
    const cut = (path: string) => path.slice(path.indexOf('/') + 1);
    const inner = cut(diff.oldPath);
    if (inner === diff.oldPath || this.read(diff.oldPath) !== undefined) return diff;
    const added = diff.perhapsAdded || (diff.change === 'added' && !diff.copied);
    if (added ? !diff.perhapsPrefixed || !this.isHome(inner, diff.oldPath) : this.read(inner) === undefined) return diff;
    problems.push(warningAt(inner, `the patch calls it ${diff.oldPath}`));
    return { ...diff, oldPath: inner, path: cut(diff.path) };
  }

  /** The tree has the folder of `inner`, and nothing of what leads to `path`: a new file can only be meant to go there. */
  private isHome(inner: string, path: string): boolean {
    const { folder } = splitPath(inner);
    const [first = ''] = path.split('/');
    return folder !== '' && this.before.list(folder).length > 0 && this.before.list(first).length === 0;
  }

  /** With what only the tree can tell: whether lines that come after nothing make a file, or go before those of one. */
  private settled(diff: FileDiff, problems: InputProblem[]): FileDiff {
    if (!diff.perhapsAdded) return diff;
    const old = this.read(diff.oldPath);
    const [hunk] = diff.hunks;
    if (old === undefined || hunk?.lines.map(({ text }) => text).join('') === old) return { ...diff, change: 'added' };
    if (old !== '' && hunk) {
      const message = `${named(hunk, diff.hunkCount)} reads like a new file, and there is one; its lines go before the first`;
      problems.push(warningAt(diff.path, message, 1));
    }
    return diff;
  }

  /** Returns how many hunks were applied. */
  private applyFile(diff: FileDiff, problems: InputProblem[]): number {
    const { path, oldPath, change } = diff;
    const moves = change === 'renamed' || diff.copied;
    // Renames of one patch read the tree before it, so that two files can swap names.
    const old = moves ? this.before.read(oldPath) : this.read(oldPath);
    if (change === 'added' && !diff.copied) return this.add(diff, old, problems);
    if (old === undefined) {
      this.missing(diff, problems);
      return 0;
    }
    if (moves && this.read(path) !== undefined && !this.changed.has(path) && path !== oldPath) {
      problems.push(warningAt(path, `is there already in ${this.before.label}; the file from ${oldPath} takes its place`));
    }
    const outcome = applyHunks(old, diff, problems);
    if (change === 'deleted') this.remove(diff, outcome, problems);
    else {
      this.changed.set(path, outcome.text);
      if (change === 'renamed' && !this.changed.has(oldPath)) this.changed.set(oldPath, null);
    }
    return outcome.hunksApplied;
  }

  private add(diff: FileDiff, old: string | undefined, problems: InputProblem[]): number {
    const found: InputProblem[] = [];
    const outcome = applyHunks('', diff, found);
    if (old === undefined || old === '') {
      problems.push(...found);
      if (outcome.hunksApplied > 0 || diff.hunkCount === 0) this.changed.set(diff.path, outcome.text);
      return outcome.hunksApplied;
    }
    const there = `is already in ${this.before.label}`;
    if (old === outcome.text) problems.push(warningAt(diff.path, `${there}, as the patch adds it`));
    else problems.push(errorAt(diff.path, `${there} with another text; the patch adds it as new, so it is left as it is`));
    return 0;
  }

  private remove(diff: FileDiff, outcome: AppliedText, problems: InputProblem[]): void {
    if (outcome.text === '' || diff.hunkCount === 0) this.changed.set(diff.path, null);
    else {
      const left = counted(splitLines(outcome.text).length, 'line');
      problems.push(errorAt(diff.path, `is not deleted: ${left} in ${this.before.label} that the patch does not remove`));
    }
  }

  private missing(diff: FileDiff, problems: InputProblem[]): void {
    const { oldPath, change, hunks, hunkCount } = diff;
    if (change === 'deleted') {
      problems.push(warningAt(oldPath, `is not in ${this.before.label}; nothing to delete`));
      return;
    }
    const none = `there is no such file in ${this.before.label}; the patch is made for another tree`;
    if (hunks.length === 0) problems.push(errorAt(oldPath, none));
    for (const hunk of hunks) problems.push(errorAt(oldPath, `${named(hunk, hunkCount)} does not apply: ${none}`));
  }
}

function named(hunk: Hunk, hunkCount: number): string {
  return `hunk ${hunk.number} of ${hunkCount} (${rangesOf(hunk)})`;
}

/** `@@ -1,3 +1,4 @@`, without the name of the function that it is in. */
function rangesOf({ header }: Hunk): string {
  return (/^@@ .*? @@/.exec(header)?.[0] ?? header).slice(0, 60);
}

function applyHunks(text: string, diff: FileDiff, problems: InputProblem[]): AppliedText {
  const lines = splitLines(text);
  const returns = !hasReturns(diff) && lines.some((line) => line.endsWith('\r\n'));
  const same = returns ? sameButReturn : sameLine;
  const out: string[] = [];
  let floor = 0;
  let drift = 0;
  let hunksApplied = 0;
  for (const hunk of diff.hunks) {
    // Of no old lines, the header names the line before them.
    const start = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1;
    const place = placeHunk({ lines, floor, same }, hunk, start + drift);
    if ('expected' in place) {
      problems.push(notApplied(hunk, diff, place));
      continue;
    }
    if ('already' in place) {
      const message = `${named(hunk, diff.hunkCount)} is already there; not applied again`;
      problems.push(warningAt(diff.path, message, place.already + 1));
      drift = place.already - start + hunk.newLines - hunk.oldLines;
      continue;
    }
    hunksApplied++;
    drift += place.offset;
    for (; floor < place.at; floor++) out.push(lines[floor] ?? '');
    floor = splice(hunk, place, lines, out, returns);
    const said = moved(hunk, diff, place);
    if (said) problems.push(said);
  }
  for (; floor < lines.length; floor++) out.push(lines[floor] ?? '');
  return { text: out.join(''), hunksApplied };
}

/** Writes the hunk's new lines to `out`, context as the file has it; returns the file's next line. */
function splice(hunk: Hunk, place: Placement, lines: readonly string[], out: string[], returns: boolean): number {
  let next = place.at;
  for (const { kind, text } of hunk.lines.slice(place.lead, hunk.lines.length - place.trail)) {
    if (kind === 'added') out.push(returns ? returnAsAround(text, out.at(-1) ?? lines[next]) : text);
    else {
      if (kind === 'context') out.push(lines[next] ?? '');
      next++;
    }
  }
  return next;
}

function hasReturns(diff: FileDiff): boolean {
  return diff.hunks.some((hunk) => hunk.lines.some(({ text }) => text.endsWith('\r\n')));
}

const sameLine: Same = (fileLine, patchLine) => fileLine === patchLine;

/** A patch with LF alone also fits lines that end in CRLF; what it adds among them gets CRLF. */
const sameButReturn: Same = (fileLine, patchLine) => fileLine.replace(/\r\n$/, '\n') === patchLine;

function returnAsAround(text: string, around: string | undefined): string {
  return around?.endsWith('\r\n') === true ? text.replace(/\n$/, '\r\n') : text;
}

function moved(hunk: Hunk, diff: FileDiff, { at, offset, fuzz, loose }: Placement): InputProblem | undefined {
  const how: string[] = [];
  if (offset !== 0) how.push(`${counted(Math.abs(offset), 'line')} ${offset > 0 ? 'later' : 'earlier'} than it says`);
  if (fuzz > 0) how.push(`with fuzz ${fuzz}: up to ${counted(fuzz, 'line')} of context at its ends ignored`);
  if (loose) how.push('though it was made at the start or end of the file, where the tree has more lines');
  if (how.length === 0) return undefined;
  return warningAt(diff.path, `${named(hunk, diff.hunkCount)} applied ${how.join(', ')}`, at + 1);
}

function notApplied(hunk: Hunk, diff: FileDiff, { line, expected, found }: Mismatch): InputProblem {
  if (found === undefined && hunk.oldStart > line)
    return errorAt(
      diff.path,
      `${named(hunk, diff.hunkCount)} does not apply: it is past the end of the file, which has ${counted(line, 'line')}`,
      line,
    );
  const wants = expected.endsWith('\n') ? quoteLine(expected) : `${quoteLine(expected)} without a line end`;
  let differs = `the patch expects ${wants}, the file has ${quoteLine(found ?? '')}`;
  if (found === undefined) differs = `the patch expects ${wants}, but the file has only ${counted(line, 'line')}`;
  else if (found.replace(/\r?\n$/, '') === expected.replace(/\r?\n$/, '')) differs += ', which has another line end';
  return errorAt(diff.path, `${named(hunk, diff.hunkCount)} does not apply: ${differs}`, line + 1);
}
