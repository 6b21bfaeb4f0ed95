// The words of the status item and of the list of what was not analysed.
import { formatProblem } from '../model/problem.js';
import type { Progress } from '../model/progress.js';
import { phaseText, progressText } from '../review/progress-text.js';
import type { CheckedTree, Tree } from './messages.js';

interface State {
  readonly tree: Tree;
  readonly running: boolean;
  readonly progress?: Progress | undefined;
  readonly result: CheckedTree | undefined;
  readonly failure: string | undefined;
}

export interface Status {
  readonly text: string;
  readonly detail: string;
  readonly severity: 'information' | 'warning' | 'error';
}

/**
 * One line for the status item at a time of `Date.now()`. What was not analysed is always said, so that it never reads as clean.
 * How far a check is stands there only where there is no result yet: while one types, the last result stays.
 */
export function statusOf({ tree, running, progress, result, failure }: State, now: number): Status {
  const detail = tree.folder === '' ? tree.root : tree.folder;
  if (running && result === undefined && progress !== undefined) {
    return { text: phaseText(progress), detail: `${detail}: ${progressText(progress, now)}`, severity: 'information' };
  }
  if (failure !== undefined) return { text: 'Not checked', detail: failure, severity: 'error' };
  if (result === undefined) return { text: 'Not checked yet', detail, severity: 'information' };
  const { stats } = result;
  const left = result.notAnalysed.length;
  const said = result.findings.length === 0 ? 'No findings' : count(result.findings.length, 'finding');
  const parts = [said, ...(left > 0 ? [`${count(left, 'function')} not analysed`] : [])];
  const assumed = stats.suppressed > 0 ? `, ${stats.suppressed} suppressed` : '';
  return {
    text: parts.join(', '),
    detail: `${detail}: ${count(stats.functions, 'function')} in ${count(stats.files, 'file')}${assumed}`,
    severity: left > 0 || result.problems.some((problem) => problem.severity === 'error') ? 'warning' : 'information',
  };
}

/** What the checks of all trees left out and why, what they assumed, and the input that they could not use. */
export function notAnalysedText(states: readonly State[]): string {
  if (states.length === 0) return 'No kernel tree that can be reviewed is open.\n';
  return states.map(treeText).join('\n');
}

function treeText({ tree, running, result, failure }: State): string {
  const lines = [`${tree.root}: ${tree.folder}`];
  if (failure !== undefined) lines.push(`  The check failed: ${failure}`);
  else if (result === undefined && running) lines.push('  Being checked...');
  else if (result === undefined) lines.push('  Not checked yet. Open a file of it, or run "FUSE Review: Check Subsystem".');
  if (result !== undefined) {
    const { stats, notAnalysed, problems } = result;
    if (stats.merged > 0)
      lines.push(`  ${count(stats.merged, 'function')} with more paths than are kept apart; conditions are weaker there.`);
    if (stats.assumedCallees.length > 0) {
      lines.push('  Called functions with neither body nor contract, taken to own nothing:');
      for (const { name, calls } of stats.assumedCallees) lines.push(`    ${name} (${count(calls, 'call')})`);
    }
    if (stats.assumedOptions.length > 0) {
      lines.push('  Options that neither Kconfig nor the setting fuseReview.config states:');
      for (const { name, value } of stats.assumedOptions) lines.push(`    ${name}=${value ? 'y' : 'n'}`);
    }
    for (const problem of problems) lines.push(`  ${problem.severity}: ${formatProblem(problem)}`);
    // Last, since an output channel shows its end.
    lines.push(
      notAnalysed.length === 0
        ? `  All ${count(stats.functions, 'function')} in ${count(stats.files, 'file')} were analysed.`
        : `  ${count(notAnalysed.length, 'function')} of ${stats.functions} not analysed:`,
    );
    for (const each of notAnalysed) lines.push(`    ${each.file}${each.function === '' ? '' : `: ${each.function}`}: ${each.reason}`);
  }
  return `${lines.join('\n')}\n`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
