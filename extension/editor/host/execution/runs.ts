// Runs scenarios in a kernel for whoever asks: asks for consent, shows how far it is, keeps what each came to last.
import {
  EventEmitter,
  ProgressLocation,
  window,
  type CancellationToken,
  type Disposable,
  type LogOutputChannel,
  type OutputChannel,
  type Uri,
} from 'vscode';
import type { ExecutionResult } from '../../../model/execution.js';
import { ProgressClock, type Progress } from '../../../model/progress.js';
import type { Scenario } from '../../../model/scenario.js';
import { progressText } from '../../../review/report/text/progress-text.js';
import { counted } from '../../../model/plural.js';
import type { UsableScenario } from '../simulation/pick-scenarios.js';
import { runKey, type SimulationTarget, type TargetKind } from '../simulation/targets.js';
import type { BuildProblems } from './build-problems.js';
import type { Consent } from './consent.js';
import type { ExecutionQueue, QueuedEnd } from './queue.js';
import { RunningWork } from '../running-work.js';
import { executionCache, executionSettings } from '../settings.js';

/** All that a scenario came to: one result, or one for each fault. */
export interface KernelOutcome {
  readonly file: UsableScenario;
  readonly target: SimulationTarget;
  readonly results: readonly ExecutionResult[];
}

export interface KernelHandling {
  readonly tokens: readonly CancellationToken[];
  /** A scenario has all of its results; in order. */
  readonly onOutcome?: (outcome: KernelOutcome) => void;
  /** The machine turns to a scenario. */
  readonly onScenario?: (file: UsableScenario) => void;
}

export interface KernelEnd {
  readonly outcomes: readonly KernelOutcome[];
  readonly end: QueuedEnd;
}

export class KernelRuns implements Disposable {
  private readonly last = new Map<string, KernelOutcome>();
  private readonly changed = new EventEmitter<void>();
  /** Running began, went on or ended, or a scenario was run. */
  readonly onDidChange = this.changed.event;
  private readonly ran = new EventEmitter<void>();
  /** A scenario was run. */
  readonly onDidRun = this.ran.event;
  private readonly work = new RunningWork('fuseReview.executing', () => this.changed.fire());
  /** How far what runs is; null where nothing runs, or nothing is known of it yet. */
  progress: Progress | null = null;
  /** The newest log of a kernel; null where there was none in this session. */
  log: string | null = null;

  constructor(
    private readonly queue: ExecutionQueue,
    private readonly consent: Consent,
    private readonly problems: BuildProblems,
    private readonly output: OutputChannel,
    private readonly errors: Pick<LogOutputChannel, 'error'>,
  ) {}

  get running(): boolean {
    return this.work.count > 0;
  }

  /** Requests that wait for their turn. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Runs scenarios on a target. Undefined where it was not begun, which was said then; what fails is said as well. */
  async run(target: SimulationTarget, files: readonly UsableScenario[], handling: KernelHandling): Promise<KernelEnd | undefined> {
    const cache = executionCache();
    if (!cache.ok) {
      void window.showErrorMessage(`${cache.failure}.`);
      return undefined;
    }
    if (target.tree.root === null) {
      void window.showErrorMessage(
        `A kernel is built from a whole tree on disk, and of ${target.title} only the texts of the subsystem are at hand. Open the series from patch files instead.`,
      );
      return undefined;
    }
    if (!(await this.consent.given(target.title, files.length, cache.value))) return undefined;
    const title = `${files.length === 1 ? (files[0]?.scenario.name ?? '') : counted(files.length, 'scenario')} in QEMU on ${target.title}`;
    const options = { location: ProgressLocation.Notification, title, cancellable: true };
    const ended = await window.withProgress(options, (notification, token) =>
      this.work.during([token, ...handling.tokens], async (signal) => {
        if (this.work.count > 1) notification.report({ message: 'waits for another run to end' });
        try {
          return await this.begin(target, files, cache.value, handling, signal, (message) => notification.report({ message }));
        } finally {
          this.progress = null;
        }
      }),
    );
    if (ended.end.kind === 'failed') this.tell(ended.end, title);
    return ended;
  }

  /** Ends all that runs and waits. */
  stop(): void {
    this.work.stop();
  }

  /** What a scenario came to when it was run last in a kernel, of a tree or of a series. */
  lastOf(file: Uri, kind: TargetKind): KernelOutcome | undefined {
    return this.last.get(runKey(file, kind));
  }

  dispose(): void {
    this.stop();
    this.changed.dispose();
    this.ran.dispose();
  }

  private async begin(
    target: SimulationTarget,
    files: readonly UsableScenario[],
    cache: string,
    { onOutcome, onScenario }: KernelHandling,
    signal: AbortSignal,
    say: (message: string) => void,
  ): Promise<KernelEnd> {
    const clock = new ProgressClock();
    const outcomes: KernelOutcome[] = [];
    let open: { readonly file: UsableScenario; readonly results: ExecutionResult[] } | undefined;
    const close = (): void => {
      if (open === undefined) return;
      const outcome: KernelOutcome = { target, ...open };
      open = undefined;
      outcomes.push(outcome);
      this.last.set(runKey(outcome.file.uri, target.kind), outcome);
      onOutcome?.(outcome);
      this.changed.fire();
      this.ran.fire();
    };
    const fileOf = ({ name, source }: Scenario): UsableScenario | undefined =>
      files.find(({ scenario }) => scenario.name === name && scenario.source === source);
    const scenarios = files.map(({ scenario }) => scenario);
    const request = { cache, tree: target.tree, scenarios, settings: executionSettings(target.root) };
    const end = await this.queue.run(request, {
      signal,
      onStart: () => {
        this.problems.clear();
        this.output.appendLine(
          `---- ${new Date().toLocaleTimeString()} ${target.tree.label}: ${scenarios.map(({ name }) => name).join(', ')}`,
        );
      },
      onOutput: (line) => this.output.appendLine(line),
      onProgress: (stage) => {
        const running = stage.phase === 'run' ? files.find(({ scenario }) => scenario.name === stage.text) : undefined;
        if (running !== undefined) {
          if (running !== open?.file) close();
          onScenario?.(running);
        }
        const now = Date.now();
        const progress = clock.take(stage, now);
        if (progress === null) return;
        this.progress = progress;
        say(progressText(progress, now));
        this.changed.fire();
      },
      onResult: (result) => {
        const file = fileOf(result.scenario);
        if (file === undefined) return this.errors.error(`A result of ${result.scenario.name}, which was not asked for, is left out.`);
        if (open?.file !== file) close();
        open ??= { file, results: [] };
        open.results.push(result);
        if (result.log !== null) this.log = result.log;
      },
    });
    close();
    if (end.kind === 'failed') await this.problems.show(end.problems, target);
    this.output.appendLine(`---- ${endText(end, outcomes.length, files.length)}`);
    return { outcomes, end };
  }

  private tell(end: Extract<QueuedEnd, { kind: 'failed' }>, title: string): void {
    this.errors.error(`${title}: ${end.detail ?? end.message}`);
    const action = 'Show Build Output';
    void window.showErrorMessage(`${title}: ${end.message}`, action).then((picked) => {
      if (picked === action) this.output.show();
    });
  }
}

function endText(end: QueuedEnd, done: number, all: number): string {
  const ran = `${done} of ${counted(all, 'scenario')} ran`;
  if (end.kind === 'failed') return `failed: ${end.message}; ${ran}`;
  return end.kind === 'cancelled' ? `stopped; ${ran}` : ran;
}
