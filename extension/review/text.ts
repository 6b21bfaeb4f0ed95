// A check or a review as text, the way a good compiler talks: source line, caret, and the path as notes.
import type { CheckResult, Finding, NotAnalysed } from '../model/finding.js';
import { formatProblem, type InputProblem } from '../model/problem.js';
import type { Review, ReviewedPatch } from '../model/review.js';
import type { Span } from '../model/source.js';
import { allProblems } from './problems.js';
import { sideOf, type Side, type Sources } from './sources.js';
import { excerpt, printable, type Paint } from './terminal.js';

export interface TextOptions {
  readonly sources: Sources;
  readonly paint: Paint;
  /** Of a review: show unchanged findings too, not only their number. */
  readonly all?: boolean;
}

/** The text of a plain check. */
export function formatCheck(result: CheckResult & { readonly problems?: readonly InputProblem[] }, options: TextOptions): string {
  const lines: string[] = [];
  for (const finding of result.findings) lines.push(...findingLines(finding, options), '');
  lines.push(...problemLines(result.problems ?? [], options.paint));
  lines.push(
    result.findings.length === 0
      ? options.paint.good('nothing found')
      : options.paint.strong(
          `${number(result.findings.length, 'finding')} in ${number(new Set(result.findings.map((each) => each.file)).size, 'file')}`,
        ),
  );
  lines.push(...summaryLines(result, options.paint));
  return `${lines.join('\n')}\n`;
}

/** The text of a review: the series, then what it introduces and fixes, then what was there before. */
export function formatReview(review: Review, options: TextOptions): string {
  const { paint } = options;
  const lines: string[] = [];
  for (const [index, patch] of review.patches.entries()) lines.push(...patchLines(patch, index, review.patches.length, paint));
  if (review.patches.length > 0) lines.push('');
  lines.push(...problemLines(allProblems(review), paint));

  const introduced = review.findings.filter((finding) => finding.status === 'introduced');
  const fixed = review.findings.filter((finding) => finding.status === 'fixed');
  const unchanged = review.findings.filter((finding) => finding.status === 'unchanged');
  const groups: readonly (readonly [string, readonly Finding[], boolean])[] = [
    ['introduced', introduced, true],
    ['fixed', fixed, true],
    ['unchanged', unchanged, options.all === true],
  ];
  for (const [status, findings, shown] of groups) {
    if (findings.length === 0 || !shown) continue;
    lines.push(paint.strong(`${number(findings.length, 'finding')} ${status}`), '');
    for (const finding of findings) {
      const by = status === 'unchanged' ? undefined : attribution(review, finding);
      lines.push(...findingLines(finding, options, by), '');
    }
  }
  for (const passing of passingFindings(review)) {
    const { finding } = passing;
    lines.push(
      `${paint.strong(`${printable(finding.file)}:${finding.line}:`)} ${paint.note('note:')} patch ${passing.from + 1} introduces: ${printable(finding.message)} [${finding.rule}]; ${passing.to === undefined ? 'a later patch' : `patch ${passing.to + 1}`} fixes it again`,
    );
  }
  const verdict = introduced.length === 0 ? paint.good('nothing introduced') : paint.strong(`${introduced.length} introduced`);
  const hint = unchanged.length > 0 && options.all !== true ? ' (shown with --all)' : '';
  lines.push(`${verdict}, ${fixed.length} fixed, ${unchanged.length} unchanged${hint}`);
  lines.push(...summaryLines(review, paint));
  return `${lines.join('\n')}\n`;
}

/** The 0-based patch that brought (or fixed) a finding of the whole series, or undefined where no single one did. */
export function attribution(review: Review, finding: Finding): number | undefined {
  const index = review.patches.findLastIndex((patch) =>
    patch.findings.some((each) => each.id === finding.id && each.status === finding.status),
  );
  return index < 0 ? undefined : index;
}

/** Findings that a patch introduces and a later one fixes: gone in the end, yet there when someone bisects. */
export function passingFindings(review: Review): { readonly finding: Finding; readonly from: number; readonly to: number | undefined }[] {
  const lasting = new Set(review.findings.map((finding) => finding.id));
  const passing: { readonly finding: Finding; readonly from: number; readonly to: number | undefined }[] = [];
  for (const [from, patch] of review.patches.entries()) {
    for (const finding of patch.findings) {
      if (finding.status !== 'introduced' || lasting.has(finding.id)) continue;
      const to = review.patches.findIndex(
        (later, index) => index > from && later.findings.some((each) => each.id === finding.id && each.status === 'fixed'),
      );
      passing.push({ finding, from, to: to < 0 ? undefined : to });
    }
  }
  return passing;
}

function findingLines(finding: Finding, options: TextOptions, patch?: number): string[] {
  const { paint } = options;
  const side = sideOf(finding.status);
  const label = finding.status === 'fixed' ? paint.good('fixed:') : paint.warning('warning:');
  const by = patch === undefined ? '' : paint.faint(` (patch ${patch + 1})`);
  const lines = [
    `${at(finding.file, finding.line, finding.span, side, options)} ${label} ${paint.strong(printable(finding.message))} [${finding.rule}]${by}`,
    ...excerptLines(finding.file, finding.span, side, options),
  ];
  for (const step of finding.trace) {
    lines.push(
      `${at(step.file, step.line, step.span, side, options)} ${paint.note('note:')} ${printable(step.message)}`,
      ...excerptLines(step.file, step.span, side, options),
    );
  }
  return lines;
}

function at(file: string, line: number, span: Span, side: Side, { sources, paint }: TextOptions): string {
  const region = sources.region(file, span, side);
  return paint.strong(`${printable(file)}:${line}:${region === undefined ? '' : `${region.column}:`}`);
}

function excerptLines(file: string, span: Span, side: Side, { sources, paint }: TextOptions): string[] {
  const region = sources.region(file, span, side);
  const text = region === undefined ? undefined : sources.line(file, region.line, side);
  if (region === undefined || text === undefined) return [];
  const end = region.endLine === region.line ? region.endColumn : text.length + 1;
  return excerpt(text, region.line, region.column - 1, end - 1, paint);
}

function patchLines(patch: ReviewedPatch, index: number, total: number, paint: Paint): string[] {
  const introduced = patch.findings.filter((finding) => finding.status === 'introduced').length;
  const fixed = patch.findings.filter((finding) => finding.status === 'fixed').length;
  const hunks = patch.files.reduce((sum, file) => sum + file.hunks, 0);
  const applied = patch.files.reduce((sum, file) => sum + file.hunksApplied, 0);
  const subject = patch.subject === '' ? patch.source : patch.subject;
  const author = patch.author === '' ? '' : paint.faint(`, ${printable(patch.author)}`);
  const partial = applied < hunks ? paint.warning(`, only ${applied} of ${number(hunks, 'hunk')} applied`) : '';
  return [
    `${paint.strong(`patch ${index + 1}/${total}`)} ${printable(subject)}${author}`,
    `  ${number(patch.files.length, 'file')}, ${number(hunks, 'hunk')}: ${introduced} introduced, ${fixed} fixed${partial}`,
  ];
}

function problemLines(problems: readonly InputProblem[], paint: Paint): string[] {
  if (problems.length === 0) return [];
  return [
    ...problems.map(
      (problem) => `${problem.severity === 'error' ? paint.error('error:') : paint.warning('note:')} ${printable(formatProblem(problem))}`,
    ),
    '',
  ];
}

/** What the figures rest on: what was looked at, what was not, and what had to be assumed. */
function summaryLines({ stats, notAnalysed }: CheckResult, paint: Paint): string[] {
  const lines = [
    `${number(stats.functions, 'function')} in ${number(stats.files, 'file')}, ${notAnalysed.length === 0 ? 'none' : notAnalysed.length} of them not analysed${notAnalysed.length === 0 ? '' : ':'}`,
    ...notAnalysed.map((each) => `  ${printable(nameOf(each))}: ${printable(each.reason)}`),
  ];
  if (stats.assumedCallees.length > 0) {
    lines.push(
      `${number(stats.assumedCallees.length, 'callee')} without body or contract taken to own nothing: ${list(stats.assumedCallees.map(({ name, calls }) => (calls > 1 ? `${name} (${calls}x)` : name)))}`,
    );
  }
  if (stats.assumedOptions.length > 0) {
    lines.push(
      `${number(stats.assumedOptions.length, 'option')} assumed: ${list(stats.assumedOptions.map(({ name, value }) => `${name}=${value ? 'y' : 'n'}`))} (state them with --config)`,
    );
  }
  if (stats.merged > 0)
    lines.push(`${number(stats.merged, 'function')} with too many paths to keep apart; some conditions are weaker there`);
  if (stats.suppressed > 0) lines.push(`${number(stats.suppressed, 'finding')} suppressed by a baseline or an allow comment`);
  return lines.map((line) => paint.faint(line));
}

function nameOf(each: NotAnalysed): string {
  return each.function === '' ? each.file : `${each.file}:${each.function}`;
}

function list(names: readonly string[], limit = 8): string {
  const shown = names.slice(0, limit).map(printable).join(', ');
  return names.length > limit ? `${shown} and ${names.length - limit} more (all in --format json)` : shown;
}

function number(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
