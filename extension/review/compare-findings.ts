// Findings before and after a patch, matched by id: introduced, fixed, unchanged, and what can't be compared.
import type { Finding, NotAnalysed } from '../model/finding.js';
import { counted } from '../model/plural.js';
import type { InputProblem } from '../model/problem.js';
import type { AnalysedFunction } from './analyst.js';

/** One side of a comparison. */
export interface AnalysisResult {
  readonly findings: readonly Finding[];
  readonly notAnalysed: readonly NotAnalysed[];
  readonly functions: readonly AnalysedFunction[];
}

export interface FindingsComparison {
  /** With their status; `fixed` ones with positions in the text before, all others in the text after. */
  readonly findings: readonly Finding[];
  /** What a function that was analysed on one side only leaves open. */
  readonly problems: readonly InputProblem[];
}

/**
 * Compares two results. `moves` leads from a path before to the same file's path after, for renamed files. A function
 * moved to another file, or with its file, keeps its findings: they are matched by rule, function and message.
 */
export function compareFindings(
  before: AnalysisResult,
  after: AnalysisResult,
  moves: ReadonlyMap<string, string> = new Map(),
): FindingsComparison {
  const problems: InputProblem[] = [];
  const idsBefore = new Set(before.findings.map((finding) => finding.id));
  const idsAfter = new Set(after.findings.map((finding) => finding.id));
  const gone = before.findings.filter((finding) => !idsAfter.has(finding.id));
  const fresh = after.findings.filter((finding) => !idsBefore.has(finding.id));
  const moved = pairMoved(gone, fresh, before, after, moves);

  const findings: Finding[] = [];
  const fresher = new Set(fresh.filter((finding) => !moved.fresh.has(finding)));
  for (const finding of after.findings) {
    findings.push({ ...finding, status: fresher.has(finding) ? 'introduced' : 'unchanged' });
  }
  const unreadAfter = unreadIn(after);
  const lost = new Map<string, Finding[]>();
  for (const finding of gone) {
    if (moved.gone.has(finding)) continue;
    const file = moves.get(finding.file) ?? finding.file;
    if (unreadAfter(file, finding.function)) {
      const key = `${file}:${finding.function}`;
      lost.set(key, [...(lost.get(key) ?? []), finding]);
    } else {
      findings.push({ ...finding, status: 'fixed' });
    }
  }
  for (const [first, ...more] of lost.values()) {
    if (first === undefined) continue;
    problems.push({
      where: first.file,
      message: `${first.function} is not analysed with the patch, so it is not known whether its ${counted(1 + more.length, 'finding')} from before (${rulesOf([first, ...more])}) remain`,
      severity: 'warning',
    });
  }

  const unreadBefore = unreadIn(before);
  const doubtful = new Map<string, Finding[]>();
  for (const finding of fresher) {
    if (!unreadBefore(finding.file, finding.function)) continue;
    const key = `${finding.file}:${finding.function}`;
    doubtful.set(key, [...(doubtful.get(key) ?? []), finding]);
  }
  for (const [first, ...more] of doubtful.values()) {
    if (first === undefined) continue;
    problems.push({
      where: first.file,
      line: first.line,
      message: `${first.function} was not analysed before the patch, so its ${counted(1 + more.length, 'finding')} (${rulesOf([first, ...more])}) may be older than the patch`,
      severity: 'warning',
    });
  }
  return { findings: sortFindings(findings), problems };
}

/** By file and place; at one place by rule. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.span.start - b.span.start || compare(a.rule, b.rule) || compare(a.id, b.id),
  );
}

function pairMoved(
  gone: readonly Finding[],
  fresh: readonly Finding[],
  before: AnalysisResult,
  after: AnalysisResult,
  moves: ReadonlyMap<string, string>,
): { readonly gone: ReadonlySet<Finding>; readonly fresh: ReadonlySet<Finding> } {
  const definedBefore = new Set(before.functions.map((each) => `${each.file}:${each.name}`));
  const definedAfter = new Set(after.functions.map((each) => `${each.file}:${each.name}`));
  const pairs = { gone: new Set<Finding>(), fresh: new Set<Finding>() };
  for (const old of gone) {
    const match = fresh.find(
      (now) =>
        !pairs.fresh.has(now) &&
        now.file !== old.file &&
        now.rule === old.rule &&
        now.function === old.function &&
        unnumbered(now.message) === unnumbered(old.message) &&
        (moves.get(old.file) === now.file ||
          (!definedAfter.has(`${old.file}:${old.function}`) && !definedBefore.has(`${now.file}:${now.function}`))),
    );
    if (match === undefined) continue;
    pairs.gone.add(old);
    pairs.fresh.add(match);
  }
  return pairs;
}

/** A message may name a line; lines shift with a move. */
function unnumbered(message: string): string {
  return message.replace(/\bline \d+/g, 'line');
}

/** Whether a function was left out: by name, or unseen in a file of which a part could not be read. */
export function unreadIn({ notAnalysed, functions }: Omit<AnalysisResult, 'findings'>): (file: string, name: string) => boolean {
  const unread = new Set(notAnalysed.map((each) => `${each.file}:${each.function}`));
  const read = new Set(functions.map((each) => `${each.file}:${each.name}`));
  return (file, name) => unread.has(`${file}:${name}`) || (unread.has(`${file}:`) && !read.has(`${file}:${name}`));
}

function rulesOf(findings: readonly Finding[]): string {
  return [...new Set(findings.map((finding) => finding.rule))].join(', ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
