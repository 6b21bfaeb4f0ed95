// Runs scenarios in the runner's threads, keeps what each came to last, and stops all of them at once.
import { EventEmitter, type CancellationToken, type Disposable, type ExtensionContext, type Uri } from 'vscode';
import type { Result } from '../../../model/result.js';
import type { Scenario } from '../../../model/scenario.js';
import type { Counterexample, SimulationResult } from '../../../model/simulation.js';
import type { Runner, RunHandling } from '../../../runner/runner.js';
import { RunningWork } from '../running-work.js';
import { boundsOf, executionCache } from '../settings.js';
import { runBlames, runCauses } from './outcome.js';
import type { NewRun } from './panel.js';
import { runKey, type SimulationTarget, type TargetKind } from './targets.js';
import type { BaseRun } from '../../protocol/webview-messages.js';

/** Milliseconds: who reads code for minutes and goes on typing finds the threads as they were. */
const idle = 15 * 60_000;

export interface RunOutcome {
  readonly scenario: Scenario;
  readonly target: SimulationTarget;
  readonly result: SimulationResult;
  readonly base: BaseRun | null;
}

export class SimulationRuns implements Disposable {
  private runner: Promise<Runner> | undefined;
  private readonly last = new Map<string, RunOutcome>();
  private readonly changed = new EventEmitter<void>();
  /** A scenario was run, or running began or ended. */
  readonly onDidChange = this.changed.event;
  private readonly work = new RunningWork('fuseReview.simulating', () => this.changed.fire());

  constructor(private readonly context: ExtensionContext) {}

  get running(): boolean {
    return this.work.count > 0;
  }

  /** Scenarios that can run at a time. */
  async workers(): Promise<number> {
    return (await this.threads()).workers;
  }

  /** Does work that `stop` and each of the tokens cancel. */
  during<T>(tokens: readonly CancellationToken[], work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.work.during(tokens, work);
  }

  /** Ends all that runs; each keeps what it found. */
  stop(): void {
    this.work.stop();
  }

  /** Runs a scenario on the target and, for a series, on the tree without it. `file` is what its outcome is kept under. */
  async run(target: SimulationTarget, scenario: Scenario, file: Uri | null, handling: RunHandling): Promise<RunOutcome> {
    const runner = await this.threads();
    const settings = { bounds: boundsOf(target.root) };
    const [result, before] = await Promise.all([
      runner.run(target.tree, scenario, settings, handling),
      target.base === null ? null : runner.run(target.base, scenario, settings, withSignal(handling.signal)),
    ]);
    const base = before === null ? null : { result: before, traces: await this.tracesOn(target, result, handling.signal) };
    const outcome: RunOutcome = { scenario, target, result, base };
    if (file !== null) {
      this.last.set(runKey(file, target.kind), outcome);
      this.changed.fire();
    }
    return outcome;
  }

  /** Results of a series and its base as an outcome: all errors told, with what their schedules do on the base. */
  async beside(target: SimulationTarget, result: SimulationResult, base: SimulationResult): Promise<RunOutcome> {
    const runner = await this.threads();
    const [after, before] = await Promise.all([
      runner.withCounterexamples(target.tree, result),
      target.base === null ? base : runner.withCounterexamples(target.base, base),
    ]);
    return {
      scenario: result.scenario,
      target,
      result: after,
      base: { result: before, traces: await this.tracesOn(target, after, undefined) },
    };
  }

  /** Results in order, as they come; there may be any number of scenarios. */
  async *runAll(
    target: SimulationTarget,
    scenarios: Iterable<Scenario>,
    signal: AbortSignal,
  ): AsyncGenerator<SimulationResult, void, undefined> {
    const runner = await this.threads();
    yield* runner.runAll(target.tree, scenarios, { bounds: boundsOf(target.root) }, { signal });
  }

  async replay(
    target: SimulationTarget,
    scenario: Scenario,
    schedule: string,
    signal: AbortSignal,
  ): Promise<Result<Counterexample, string>> {
    return (await this.threads()).replay(target.tree, scenario, schedule, signal);
  }

  /** What a scenario came to when it was run last on a tree, or on a series. */
  lastOf(file: Uri, kind: TargetKind): RunOutcome | undefined {
    return this.last.get(runKey(file, kind));
  }

  dispose(): void {
    this.stop();
    this.changed.dispose();
    void this.runner?.then((runner) => runner.dispose());
  }

  private async tracesOn(
    { base }: SimulationTarget,
    { counterexamples }: SimulationResult,
    signal: AbortSignal | undefined,
  ): Promise<BaseRun['traces']> {
    const runner = await this.threads();
    if (base === null) return [];
    const traced = await Promise.all(counterexamples.map(({ scenario, schedule }) => runner.trace(base, scenario, schedule, signal)));
    return traced.map((each) => (each.ok ? each.value : each.failure));
  }

  /** What runs scenarios. Loaded with the first run: activation needs none of it. */
  threads(): Promise<Runner> {
    this.runner ??= import('../../../runner/runner.js').then(({ Runner: Pool }) => {
      const asset = (name: string): string => this.context.asAbsolutePath(`dist/${name}`);
      const installation = {
        runtime: asset('web-tree-sitter.wasm'),
        grammar: asset('kernel-c.wasm'),
        model: asset('runtime'),
        worker: asset('simulation-worker.js'),
      };
      const cache = executionCache();
      return new Pool({ installation, idle, cache: cache.ok ? cache.value : undefined });
    });
    return this.runner;
  }
}

/** The page of an outcome. */
export function pageOf({ scenario, target, result, base }: RunOutcome): NewRun {
  const title = `${scenario.name}: ${target.title}`;
  return { title, result, base, causes: runCauses(result), blames: runBlames(result), root: target.root, texts: target.texts };
}

function withSignal(signal: AbortSignal | undefined): RunHandling {
  return signal === undefined ? {} : { signal };
}
