// What a run in a kernel proves: nothing is only said to be right where what watches was seen to watch.
import type { CanaryResult, ExecutionResult, KernelReportKind } from '../model/execution.js';
import type { Blindness, LogReport } from './kernel-log.js';

export interface Canary {
  readonly name: string;
  readonly expected: KernelReportKind;
}

export interface RunEvidence {
  /** Of the log and of kmemleak, those of canaries among them. */
  readonly reports: readonly LogReport[];
  readonly canaries: readonly CanaryResult[];
  readonly blind: readonly Blindness[];
  /** Why the run did not end as it should, for people; null where it did. */
  readonly broken: string | null;
}

/** Which of the canaries were noticed, in the order given. */
export function canaryResults(reports: readonly LogReport[], canaries: readonly Canary[]): CanaryResult[] {
  return canaries.map((canary) => ({ ...canary, seen: reports.some((report) => isOfCanary(report, [canary])) }));
}

/** The reports that are not those which canaries were meant to give: another kind, even while a canary ran, is the tree's own. */
export function ownReports<R extends LogReport>(reports: readonly R[], canaries: readonly Canary[]): R[] {
  return reports.filter((report) => !isOfCanary(report, canaries));
}

function isOfCanary({ kind, belongs }: LogReport, canaries: readonly Canary[]): boolean {
  return belongs.canary !== null && canaries.some(({ name, expected }) => name === belongs.canary && expected === kind);
}

/**
 * `errors` where anything was reported outside canaries, however the run ended; `no error` only where the run ended, nothing stopped watching
 * and every canary was noticed; `unknown`, with the reason, otherwise.
 */
export function judge({ reports, canaries, blind, broken }: RunEvidence): Pick<ExecutionResult, 'verdict' | 'reason'> {
  if (ownReports(reports, canaries).length > 0) return { verdict: 'errors', reason: null };
  const unseen = canaries.filter(({ seen }) => !seen).map(({ name, expected }) => `${name} (${expected})`);
  const reasons = [
    ...(broken === null ? [] : [broken]),
    ...(blind[0] ? [`the kernel stopped watching: ${blind[0].text.trim()}`] : []),
    ...(unseen.length > 0 ? [`not noticed though done on purpose: ${unseen.join(', ')}`] : []),
    ...(canaries.length === 0 && broken === null ? ['no canary was run, so that silence proves nothing'] : []),
  ];
  return reasons.length > 0 ? { verdict: 'unknown', reason: reasons.join('; ') } : { verdict: 'no error', reason: null };
}
