// The words of the status item and of the list of what was not analysed.
import { formatProblem } from '../../model/problem.js';
import { counted } from '../../model/plural.js';
import { phaseText, progressText } from '../../review/report/text/progress-text.js';
import type { TreeState } from './checking/checks.js';

export interface Status {
  readonly text: string;
  readonly detail: string;
  readonly severity: 'information' | 'warning' | 'error';
}

/**
 * One line for the status item at a time of `Date.now()`. What was not analysed is always said, so that it never reads as clean.
 * How far a check is stands there only where there is no result yet: while one types, the last result stays.
 */
export function statusOf({ tree, running, progress, result, failure }: TreeState, now: number): Status {
  const detail = tree.folder === '' ? tree.root : tree.folder;
  if (running && result === undefined && progress !== undefined) {
    return { text: phaseText(progress), detail: `${detail}: ${progressText(progress, now)}`, severity: 'information' };
  }
  if (failure !== undefined) return { text: 'Not checked', detail: failure, severity: 'error' };
  if (result === undefined) return { text: 'Not checked yet', detail, severity: 'information' };
  const { stats } = result;
  const left = result.notAnalysed.length;
  const said = result.findings.length === 0 ? 'No findings' : counted(result.findings.length, 'finding');
  const parts = [said, ...(left > 0 ? [`${counted(left, 'function')} not analysed`] : [])];
  const assumed = stats.suppressed > 0 ? `, ${stats.suppressed} suppressed` : '';
  return {
    text: parts.join(', '),
    detail: `${detail}: ${counted(stats.functions, 'function')} in ${counted(stats.files, 'file')}${assumed}`,
    severity: left > 0 || result.problems.some((problem) => problem.severity === 'error') ? 'warning' : 'information',
  };
}

/** What the checks of all trees left out and why, what they assumed, and the input that they could not use. */
export function notAnalysedText(states: readonly TreeState[]): string {
  if (states.length === 0) return 'No kernel tree that can be reviewed is open.\n';
  return states.map(treeText).join('\n');
}

function treeText({ tree, running, result, failure }: TreeState): string {
  const lines = [`${tree.root}: ${tree.folder}`];
  if (failure !== undefined) lines.push(`  The check failed: ${failure}`);
  else if (result === undefined && running) lines.push('  Being checked...');
  else if (result === undefined) lines.push('  Not checked yet. Open a file of it, or run "FUSE Review: Check Subsystem".');
  if (result !== undefined) {
    const { stats, notAnalysed, problems } = result;
    if (stats.merged > 0)
      lines.push(`  ${counted(stats.merged, 'function')} with more paths than are kept apart; conditions are weaker there.`);
    if (stats.assumedCallees.length > 0) {
      lines.push('  Called functions with neither body nor contract, taken to own nothing:');
      for (const { name, calls } of stats.assumedCallees) lines.push(`    ${name} (${counted(calls, 'call')})`);
    }
    if (stats.assumedOptions.length > 0) {
      lines.push('  Options that neither Kconfig nor the setting fuseReview.config states:');
      for (const { name, value } of stats.assumedOptions) lines.push(`    ${name}=${value ? 'y' : 'n'}`);
    }
    for (const problem of problems) lines.push(`  ${problem.severity}: ${formatProblem(problem)}`);
    // Last, since an output channel shows its end.
    lines.push(
      notAnalysed.length === 0
        ? `  All ${counted(stats.functions, 'function')} in ${counted(stats.files, 'file')} were analysed.`
        : `  ${counted(notAnalysed.length, 'function')} of ${stats.functions} not analysed:`,
    );
    for (const each of notAnalysed) lines.push(`    ${each.file}${each.function === '' ? '' : `: ${each.function}`}: ${each.reason}`);
  }
  return `${lines.join('\n')}\n`;
}
