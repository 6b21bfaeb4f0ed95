// What a run in a kernel comes to, in words and for lists. Free of the editor, so that it can be tested.
import type { ExecutionResult, KernelFrame, KernelReport } from '../../../model/execution.js';
import { counted } from '../../../model/plural.js';

export type ExecutionVerdict = 'passed' | 'failed' | 'unknown' | 'not run';

/** A step on which simulator and kernel differ is a failure too: one of the two is wrong. */
export function executionVerdict({ verdict, agreement }: ExecutionResult): ExecutionVerdict {
  if (verdict === 'errors') return 'failed';
  if (verdict === 'not run' || verdict === 'unknown') return verdict;
  return agreement.verdict === 'disagrees' ? 'failed' : 'passed';
}

const worst: readonly ExecutionVerdict[] = ['failed', 'not run', 'unknown', 'passed'];

/** Of the runs of one scenario under several faults: failed, where any is. Of none: not run. */
export function totalVerdict(results: readonly ExecutionResult[]): ExecutionVerdict {
  const all = results.map(executionVerdict);
  return worst.find((verdict) => all.includes(verdict)) ?? 'not run';
}

/** One line for a list of results: `2 reports: KASAN: ...; differs from the simulator`. */
export function executionSummary(result: ExecutionResult): string {
  const { verdict, reports, reason } = result;
  const why = reason === null ? '' : `: ${reason}`;
  const [first] = reports;
  const found =
    verdict === 'errors' ? `${counted(reports.length, 'report')}${first === undefined ? '' : `: ${first.title}`}` : `${verdict}${why}`;
  return verdict === 'not run' ? found : `${found}; ${agreementWords(result)}${faultText(result)}`;
}

/** The runs of one scenario in a line. */
export function summaryOfAll(results: readonly ExecutionResult[]): string {
  const [first] = results;
  if (first === undefined) return 'not run';
  if (results.length === 1) return executionSummary(first);
  const verdict = totalVerdict(results);
  const shown = results.find((each) => executionVerdict(each) === verdict) ?? first;
  const like = results.filter((each) => executionVerdict(each) === verdict).length;
  return `${counted(results.length, 'run')}, ${like} ${verdict}: ${executionSummary(shown)}`;
}

/** Many scenarios in one sentence: what failed first. */
export function executionTotal(verdicts: readonly ExecutionVerdict[]): string {
  const parts = worst.flatMap((verdict) => {
    const number = verdicts.filter((each) => each === verdict).length;
    return number === 0 ? [] : [`${number} ${verdict}`];
  });
  return `${counted(verdicts.length, 'scenario')} in QEMU: ${parts.join(', ')}`;
}

/** ` (failslab at point 3 of step 1)`; empty without a fault. */
export function faultText({ fault }: ExecutionResult): string {
  if (fault === null) return '';
  return ` (${fault.name === '' ? 'no failure' : fault.name} at point ${fault.nth} of step ${fault.operation + 1})`;
}

/** The frame to show for a report: the innermost of the subsystem's folder, else the innermost with a place. */
export function mainFrame({ frames, related }: KernelReport, folder: string): KernelFrame | undefined {
  const placed = [...frames, ...related.flatMap((each) => each.frames)].filter(({ at, sure }) => at !== null && sure);
  return placed.find(({ at }) => at?.file.startsWith(`${folder}/`)) ?? placed[0];
}

/** The answers of both, a line a step, for a comparison of texts. */
export function answersOf({ agreement }: ExecutionResult): { readonly simulated: string; readonly executed: string } {
  const lines = (of: (row: ExecutionResult['agreement']['rows'][number]) => string): string =>
    agreement.rows.map((row) => `${row.operation} = ${of(row)}`).join('\n');
  // Where the kernel's answer is one of several, it is the one to compare with.
  return {
    simulated: lines((row) => (row.agrees ? row.executed : row.simulated.join(' or '))),
    executed: lines(({ executed }) => executed),
  };
}

function agreementWords({ agreement: { verdict, reason } }: ExecutionResult): string {
  if (verdict === 'agrees') return 'the simulator agrees';
  return verdict === 'disagrees' ? 'the simulator differs' : `not compared${reason === null ? '' : ` (${reason})`}`;
}
