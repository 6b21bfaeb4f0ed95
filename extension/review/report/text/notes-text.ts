// What the figures of a check or a review rest on, as text: problems with the input, what was not analysed, what was assumed.
import type { CheckResult, NotAnalysed } from '../../../model/finding.js';
import { formatProblem, type InputProblem } from '../../../model/problem.js';
import { counted } from '../../../model/plural.js';
import { printable, type Paint } from './terminal.js';

export function problemLines(problems: readonly InputProblem[], paint: Paint): string[] {
  if (problems.length === 0) return [];
  return [
    ...problems.map(
      (problem) => `${problem.severity === 'error' ? paint.error('error:') : paint.warning('note:')} ${printable(formatProblem(problem))}`,
    ),
    '',
  ];
}

/** What the figures rest on: what was looked at, what was not, and what had to be assumed. */
export function summaryLines({ stats, notAnalysed }: CheckResult, paint: Paint): string[] {
  const lines = [
    `${counted(stats.functions, 'function')} in ${counted(stats.files, 'file')}, ${notAnalysed.length === 0 ? 'none' : notAnalysed.length} of them not analysed${notAnalysed.length === 0 ? '' : ':'}`,
    ...notAnalysed.map((each) => `  ${printable(nameOf(each))}: ${printable(each.reason)}`),
  ];
  if (stats.assumedCallees.length > 0) {
    lines.push(
      `${counted(stats.assumedCallees.length, 'callee')} without body or contract taken to own nothing: ${list(stats.assumedCallees.map(({ name, calls }) => (calls > 1 ? `${name} (${calls}x)` : name)))}`,
    );
  }
  if (stats.assumedOptions.length > 0) {
    lines.push(
      `${counted(stats.assumedOptions.length, 'option')} assumed: ${list(stats.assumedOptions.map(({ name, value }) => `${name}=${value ? 'y' : 'n'}`))} (state them with --config)`,
    );
  }
  if (stats.merged > 0)
    lines.push(`${counted(stats.merged, 'function')} with too many paths to keep apart; some conditions are weaker there`);
  if (stats.suppressed > 0) lines.push(`${counted(stats.suppressed, 'finding')} suppressed by a baseline or an allow comment`);
  return lines.map((line) => paint.faint(line));
}

function nameOf(each: NotAnalysed): string {
  return each.function === '' ? each.file : `${each.file}:${each.function}`;
}

/** Of a list of names at most. */
const limit = 8;

function list(names: readonly string[]): string {
  const shown = names.slice(0, limit).map(printable).join(', ');
  return names.length > limit ? `${shown} and ${names.length - limit} more (all in --format json)` : shown;
}
