// What a run in a kernel says, put together from the guest's answers, the kernel's log and what kmemleak found.
import { readFileSync } from 'node:fs';
import type { ExecutedOperation, ExecutionResult, KernelEvent, KernelFrame, KernelProfile, KernelReport } from '../model/execution.js';
import { leftOut } from '../model/missing.js';
import type { Probes } from '../model/probes.js';
import type { Scenario } from '../model/scenario.js';
import { errnoText } from '../scenario/errno.js';
import type { ResolvedOperation, ResolvedScenario } from '../scenario/resolve.js';
import type { KernelImage } from './build.js';
import type { LogFrame } from './call-trace.js';
import { canariesOf, leakCanary } from './canaries.js';
import { parseEvent } from './trace-events.js';
import { nowhere } from './guest-markers.js';
import { distinctReports, readKernelLog, type KernelLog, type LogReport } from './kernel-log.js';
import { isLeakOfModule, readLeaks } from './leaks.js';
import { withoutUnread } from './probes.js';
import type { ExecutionRequest } from './request.js';
import type { InjectedFault, GuestRun, Round } from './guest-session.js';
import { readSymbols, runTool, symbolise, type Symbolised, type SymbolTable } from './symbols.js';
import { canaryResults, judge, ownReports } from './test-oracle.js';

export interface Execution {
  readonly scenario: Scenario;
  readonly resolved: ResolvedScenario;
  readonly fault: InjectedFault | null;
  readonly run: GuestRun;
  /** What is to be known of this machine alone. */
  readonly notes: readonly string[];
  /** The log's path, and what it says at the machine's end. */
  readonly log: string;
  readonly logText: string;
  /** What kmemleak reported, the canary's leak among it; null where it could not be asked. */
  readonly leaks: string | null;
  readonly milliseconds: number;
}

const notCompared = { verdict: 'not compared', reason: 'only run in the kernel', rows: [], trace: null } as const;

/** The result of a scenario that could not be run. */
export function notExecuted(scenario: Scenario, tree: string, profile: KernelProfile, reason: string): ExecutionResult {
  return {
    scenario,
    tree,
    profile,
    verdict: 'not run',
    reason,
    fault: null,
    repeated: 0,
    operations: [],
    variants: [],
    reports: [],
    canaries: [],
    agreement: { ...notCompared, reason },
    log: null,
    milliseconds: 0,
  };
}

/** The name of a failure that was used up without a word: an allocation that is not to warn (`__GFP_NOWARN`). */
const unlogged = 'a failure that is not logged';

/** Results of executions in one kernel. */
export class ExecutionResults {
  private symbols: SymbolTable | undefined;
  /** Logs that results lead to. */
  private readonly named = new Set<string>();

  constructor(
    private readonly request: Pick<ExecutionRequest, 'tree' | 'profile' | 'keep' | 'vocabulary'>,
    private readonly image: KernelImage,
    /** What is to be known of all results. */
    private readonly notes: readonly string[],
  ) {}

  /** Whether a log complains of anything. */
  complains(log: string): boolean {
    return ownReports(this.read(log).reports, canariesOf(this.request.profile)).length > 0;
  }

  async of(execution: Execution): Promise<ExecutionResult> {
    const { request } = this;
    const { scenario, resolved, run: done, logText } = execution;
    const canaries = canariesOf(request.profile);
    const log = this.read(logText);
    const leaks = readLeaks(execution.leaks ?? '', { ...nowhere, run: done.id }).map((leak) =>
      isLeakOfModule(leak) ? { ...leak, belongs: { ...nowhere, canary: leakCanary } } : leak,
    );
    const ofRun = ({ belongs }: LogReport): boolean => belongs.run === done.id || belongs.canary !== null;
    const reports = [...log.reports.filter(ofRun), ...leaks];
    const seen = canaryResults(reports, canaries);
    const own = distinctReports(ownReports(reports, canaries));
    const fault = execution.fault && logged(log, execution.fault, done.id);
    const { traces, warning } = await this.places([
      ...own.flatMap((report) => [report.frames, ...report.related.map(({ frames }) => frames)]),
      fault?.frames ?? [],
    ]);
    const broken = brokenBy(execution);
    const judged = judge({ reports, canaries: seen, blind: log.blind, broken });
    const quiet = judged.verdict === 'no error' && !request.keep;
    if (!quiet) this.named.add(execution.log);
    return {
      scenario,
      tree: request.tree.label,
      profile: request.profile,
      ...explained(judged, request.profile),
      fault: execution.fault && { ...execution.fault, name: fault?.name ?? (done.left === 0 ? unlogged : ''), frames: traces.at(-1) ?? [] },
      repeated: done.rounds.filter(({ answers }) => answers.length > 0).length,
      operations: resolved.operations.map((operation) => executed(operation, resolved, done, request.vocabulary.probes)),
      variants: variants(done.rounds),
      reports: placed(own, traces),
      canaries: seen,
      agreement: notCompared,
      log: quiet ? null : execution.log,
      milliseconds: execution.milliseconds,
      notes: [...this.notes, ...execution.notes, ...(warning === null ? [] : [warning])],
    };
  }

  /** Whether a result leads to that log. */
  isNamed(log: string): boolean {
    return this.named.has(log);
  }

  private read(log: string): KernelLog {
    return readKernelLog(log, this.image.source);
  }

  private async places(traces: readonly (readonly LogFrame[])[]): Promise<Symbolised> {
    if (traces.every((frames) => frames.length === 0)) return { traces, warning: null };
    const { vmlinux, systemMap, source, build } = this.image;
    this.symbols ??= readSymbols(readFileSync(systemMap, 'utf8'));
    const from = { root: source, build };
    return symbolise(traces, { vmlinux, symbols: this.symbols, from, programs: ['addr2line', 'llvm-addr2line'], run: runTool });
  }
}

/** The first failure that the kernel logged in that run. */
function logged(
  log: KernelLog,
  { operation }: InjectedFault,
  id: number,
): { readonly name: string; readonly frames: readonly LogFrame[] } | undefined {
  return log.faults.find(({ belongs }) => belongs.run === id && (belongs.operation === operation || belongs.operation === -1));
}

/** Reports with the places that were found: their own frames, then those of what is related, in order. */
function placed(reports: readonly LogReport[], traces: readonly (readonly KernelFrame[])[]): KernelReport[] {
  let next = 0;
  return reports.map(({ belongs: _belongs, ...report }) => {
    const frames = traces[next++] ?? report.frames;
    const related = report.related.map(({ title }) => ({ title, frames: traces[next++] ?? [] }));
    return { ...report, frames, related };
  });
}

function executed(
  operation: ResolvedOperation,
  { threads }: ResolvedScenario,
  { rounds, events }: GuestRun,
  probes: Probes | undefined,
): ExecutedOperation {
  const { index, text, definition, line } = operation;
  const answer = rounds[0]?.answers[index] ?? null;
  const began = rounds[0]?.begun[index] === true;
  const thread = threads.findIndex(({ tasks }) => tasks.some((task) => task.kind === 'operation' && task.operation.index === index));
  return {
    text,
    actor: definition.actor,
    thread,
    line,
    answer,
    answerText: answer === null ? (began ? 'did not end' : leftOut) : errnoText(answer),
    events: (events[index] ?? [])
      .map(parseEvent)
      .filter((event): event is KernelEvent => event !== null)
      .map((event) => (probes === undefined ? event : withoutUnread(event, probes))),
  };
}

/** What other rounds answered, each different one once. */
function variants(rounds: readonly Round[]): (readonly (number | null)[])[] {
  const seen = new Set<string>();
  return rounds
    .map(({ answers }) => answers)
    .filter((answers) => {
      const key = JSON.stringify(answers);
      return !seen.has(key) && seen.add(key);
    })
    .slice(1);
}

/** Why a run did not end as it should; null where it did. */
function brokenBy({ run: done, leaks, resolved }: Execution): string | null {
  const stopped = resolved.operations.find(({ index }) =>
    done.rounds.some(({ begun, answers }) => begun[index] === true && answers[index] === null),
  );
  if (done.failure) return stopped === undefined ? done.failure.message : `${done.failure.message}, in ${stopped.text}`;
  const bad = done.rounds.find(({ setup, teardown }) => setup < 0 || teardown < 0);
  if (bad) return bad.setup < 0 ? `the setup answered ${errnoText(bad.setup)}` : `the teardown answered ${errnoText(bad.teardown)}`;
  if (done.complaints[0] !== undefined) return `the guest: ${done.complaints[0]}`;
  return leaks === null ? 'kmemleak could not be asked' : null;
}

/** A kernel that does not watch memory proves nothing about it. */
function explained(
  judged: Pick<ExecutionResult, 'verdict' | 'reason'>,
  profile: KernelProfile,
): Pick<ExecutionResult, 'verdict' | 'reason'> {
  if (profile === 'verdict' || judged.verdict !== 'no error') return judged;
  return { verdict: 'unknown', reason: 'the kernel of the profile trace watches neither memory nor locks' };
}
