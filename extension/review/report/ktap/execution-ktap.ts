// The results of runs in a real kernel as the kernel's own tests report theirs: KTAP, version 1
// (Documentation/dev-tools/ktap.rst). A run is a test, its operations are subtests.
import type { ExecutionResult } from '../../../model/execution.js';
import { leftOut } from '../../../model/missing.js';
import { executionName, frameText } from '../text/execution-text.js';
import { printable } from '../text/terminal.js';

/** What was not run or not compared is skipped and says why; a run of which nothing is known has failed. */
export function executionToKtap(results: readonly ExecutionResult[]): string {
  const lines = ['KTAP version 1', plan(results.length)];
  results.forEach((result, at) => lines.push(...testLines(result, at + 1)));
  return `${lines.join('\n')}\n`;
}

function plan(count: number): string {
  return count === 0 ? '1..0 # SKIP nothing to run' : `1..${count}`;
}

function testLines(result: ExecutionResult, index: number): string[] {
  const name = text(executionName(result));
  if (result.verdict === 'not run') return [`ok ${index} ${name} # SKIP ${text(result.reason ?? 'not run')}`];
  const { operations, agreement } = result;
  const subtests =
    operations.length === 0 ? [] : ['KTAP version 1', `# Subtest: ${name}`, plan(operations.length), ...operationLines(result)];
  const ok = result.verdict === 'no error' && agreement.verdict !== 'disagrees' && !operations.some((_, at) => failed(result, at));
  return [...subtests.map((line) => `  ${line}`), ...diagnostics(result), `${ok ? 'ok' : 'not ok'} ${index} ${name}`];
}

function operationLines(result: ExecutionResult): string[] {
  const { operations, agreement } = result;
  return operations.flatMap((operation, at) => {
    const row = agreement.rows[at];
    const ok = !failed(result, at);
    const simulator = row && !row.agrees ? `; the simulator answers ${row.simulated.join(' or ')}` : '';
    // What was not done has not been tried, which is not to pass for a success.
    const skipped = ok && operation.answerText === leftOut ? ' # SKIP left out, as what it refers to was not given' : '';
    return [`# answers ${text(operation.answerText + simulator)}`, `${ok ? 'ok' : 'not ok'} ${at + 1} ${text(operation.text)}${skipped}`];
  });
}

/** It did not end, the kernel complained of it, or the simulator answers otherwise. */
function failed({ operations, agreement, reports }: ExecutionResult, at: number): boolean {
  const operation = operations[at];
  const unended = operation?.answer === null && operation.answerText === 'did not end';
  return unended || agreement.rows[at]?.agrees === false || reports.some((report) => report.operation === at);
}

function diagnostics({ verdict, reason, reports, canaries, agreement, log }: ExecutionResult): string[] {
  const lines = [
    ...(verdict === 'no error' ? [] : [`verdict: ${verdict}${reason === null ? '' : `: ${reason}`}`]),
    ...reports.flatMap(({ title, frames }) => [title, ...frames.filter(({ sure }) => sure).map((frame) => `  ${frameText(frame)}`)]),
    ...canaries.filter(({ seen }) => !seen).map(({ name }) => `canary not seen: ${name}`),
    `simulator: ${agreement.verdict}${agreement.reason === null ? '' : `: ${agreement.reason}`}`,
    ...(log === null ? [] : [`log: ${log}`]),
  ];
  return lines.map((line) => `# ${printable(line)}`);
}

/** A `#` would begin a directive. */
function text(words: string): string {
  return printable(words).replaceAll('#', '\\#');
}
