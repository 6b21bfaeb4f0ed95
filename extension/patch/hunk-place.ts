// Where in a file's lines a hunk belongs, by the rules of patch(1): exact, then moved, then with fuzz.
import type { Hunk, HunkLine } from './hunk.js';

export interface Placement {
  /** 0-based line at which the hunk's (trimmed) old lines begin. */
  readonly at: number;
  /** How many context lines were ignored at its start and end. */
  readonly lead: number;
  readonly trail: number;
  readonly fuzz: number;
  /** How far from where it was expected, in lines. */
  readonly offset: number;
  /** It was made at the file's start or end and is not there. */
  readonly loose: boolean;
}

export interface Mismatch {
  /** 0-based line of the file where it first differs from the hunk, at the place that is most like it. */
  readonly line: number;
  /** What the hunk has there. */
  readonly expected: string;
  /** What the file has there; undefined after its end. */
  readonly found: string | undefined;
}

export type Same = (fileLine: string, patchLine: string) => boolean;

/** A file being patched: its lines before the patch, and where the last hunk ended. */
export interface PatchedFile {
  readonly lines: readonly string[];
  /** No hunk may begin before this 0-based line. */
  readonly floor: number;
  readonly same: Same;
}

/**
 * The place of a hunk, `already` where its new lines stand there instead of its old ones, or where it differs.
 * `guess`: the 0-based line where it should be, the shift of the hunks before it included.
 */
export function placeHunk(target: PatchedFile, hunk: Hunk, guess: number): Placement | { readonly already: number } | Mismatch {
  const old = hunk.lines.filter(({ kind }) => kind !== 'added');
  const after = hunk.lines.filter(({ kind }) => kind !== 'removed');
  if (old.length === 0) {
    // Without context nothing tells lines that are there already from lines that are there twice.
    if (guess >= target.floor && guess <= target.lines.length) return { at: guess, lead: 0, trail: 0, fuzz: 0, offset: 0, loose: false };
    return { line: target.lines.length, expected: '', found: undefined };
  }
  const edges: Edges = { old, oldStart: hunk.oldStart, lead: contextCount(hunk.lines), trail: contextCount([...hunk.lines].reverse()) };
  const changed = after.length > 0 && edges.lead < hunk.lines.length;

  const place = withFuzz(target, edges, guess, 0);
  if (place?.offset === 0) return place;
  if (changed && matches(target, after, guess)) return { already: guess };
  if (place) return place;
  const there = changed ? nearest(target, after, guess) : undefined;
  if (there !== undefined) return { already: there };
  const fuzzy = withFuzz(target, edges, guess, 1) ?? withFuzz(target, edges, guess, 2);
  if (fuzzy) return fuzzy;
  const loose = nearest(target, old, guess);
  if (loose === undefined) return mismatch(target, old, guess);
  return { at: loose, lead: 0, trail: 0, fuzz: 0, offset: loose - guess, loose: true };
}

interface Edges {
  readonly old: readonly HunkLine[];
  readonly oldStart: number;
  /** Lines of context before the first change and after the last one. */
  readonly lead: number;
  readonly trail: number;
}

/**
 * The nearest place, with so many lines of context ignored. Less context on one side than on the other says that
 * the hunk was made at the file's start or end, so it fits nowhere else (as in `locate_hunk` of GNU patch).
 */
function withFuzz(target: PatchedFile, { old, oldStart, lead, trail }: Edges, guess: number, fuzz: number): Placement | undefined {
  const context = Math.max(lead, trail);
  if (fuzz > context) return undefined;
  const leadFuzz = fuzz - (context - lead);
  const trailFuzz = fuzz - (context - trail);
  const dropLead = Math.max(0, leadFuzz);
  const dropTrail = Math.max(0, trailFuzz);
  const inner = old.slice(dropLead, old.length - dropTrail);
  if (inner.length === 0) return undefined;
  const last = target.lines.length - inner.length;
  const atStart = leadFuzz < 0 && oldStart <= 1;
  const atEnd = trailFuzz < 0;
  let at: number | undefined;
  if (!atStart && !atEnd) at = nearest(target, inner, guess + dropLead);
  else if (!(atStart && atEnd && last !== 0)) {
    const only = atStart ? 0 : last;
    at = matches(target, inner, only) ? only : undefined;
  }
  return at === undefined ? undefined : { at, lead: dropLead, trail: dropTrail, fuzz, offset: at - guess - dropLead, loose: false };
}

function contextCount(lines: readonly HunkLine[]): number {
  const change = lines.findIndex(({ kind }) => kind !== 'context');
  return change < 0 ? lines.length : change;
}

function matches({ lines, floor, same }: PatchedFile, wanted: readonly HunkLine[], at: number): boolean {
  if (at < floor || at + wanted.length > lines.length) return false;
  return wanted.every(({ text }, index) => same(lines[at + index] ?? '', text));
}

function nearest(target: PatchedFile, wanted: readonly HunkLine[], guess: number): number | undefined {
  for (const at of outward(target, guess)) if (matches(target, wanted, at)) return at;
  return undefined;
}

/** The lines of the file by their distance from `guess`, later ones first; a patch may name a line far from all of them. */
function* outward(target: PatchedFile, guess: number): Generator<number> {
  const { lines, floor } = target;
  const from = within(target, guess);
  const furthest = Math.max(lines.length - from, from - floor);
  for (let distance = 0; distance <= furthest; distance++) {
    if (from + distance < lines.length) yield from + distance;
    if (distance > 0 && from - distance >= floor) yield from - distance;
  }
}

/** The line itself, or the end of what is left of the file that is closer to it. */
function within({ lines, floor }: PatchedFile, line: number): number {
  return Math.min(Math.max(line, floor), lines.length);
}

function mismatch(target: PatchedFile, old: readonly HunkLine[], guess: number): Mismatch {
  let best = within(target, guess);
  let most = 0;
  for (const at of outward(target, guess)) {
    const count = old.filter(({ text }, index) => text.trim() !== '' && target.same(target.lines[at + index] ?? '', text)).length;
    if (count > most) [best, most] = [at, count];
  }
  const index = old.findIndex(
    ({ text }, each) => best + each >= target.lines.length || !target.same(target.lines[best + each] ?? '', text),
  );
  return { line: best + index, expected: old[index]?.text ?? '', found: target.lines[best + index] };
}
