// Simulations in worker threads, for the command line and the editor: a scenario is a job, and as many run at a time as
// there are processors.
import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import type { Called, CallRequest } from '../model/called.js';
import { failed, ok, type Result } from '../model/result.js';
import type { Scenario } from '../model/scenario.js';
import {
  bySize,
  withoutTrace,
  type Counterexample,
  type MetError,
  type SimulationResult,
  type SimulationTrace,
} from '../model/simulation.js';
import { defaultBounds, type Bounds } from '../simulator/explore/bounds.js';
import { Shared, type Job, type RunProgress, type RunnerInstallation } from './jobs.js';
import type { TreeSource } from '../model/source.js';
import { notRun } from './not-run.js';

export interface RunnerOptions {
  readonly installation: RunnerInstallation;
  /** Threads; without it as many as there are processors, and no more than 8. */
  readonly workers?: number;
}

export interface RunSettings {
  readonly bounds?: Bounds;
  /** Stop at the first counterexample, which is a shortest one. */
  readonly first?: boolean;
  /** Make counterexamples of the errors; true unless said otherwise. `withCounterexamples` makes them of the result's `unexplained` later. */
  readonly counterexamples?: boolean;
  /** Tell what all steps together answered, over all paths. */
  readonly outcomes?: boolean;
}

export interface RunHandling {
  /** Ends the run soon; it keeps what it found. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RunProgress) => void;
}

/** Milliseconds between two reports of progress. */
const progressEvery = 150;

/** Milliseconds that a run has to end by itself once it is cancelled; then its thread is ended. */
const patience = 5000;

export class Runner {
  private readonly installation: RunnerInstallation;
  readonly workers: number;
  private pool: Tinypool | undefined;

  constructor({ installation, workers }: RunnerOptions) {
    this.installation = installation;
    this.workers = Math.max(1, workers ?? Math.min(8, availableParallelism()));
  }

  /**
   * Runs a scenario on a tree as it is when its turn comes. Never rejects: what can't be run, or fails by a bug, is
   * `not run` with the reason.
   */
  async run(
    tree: TreeSource,
    scenario: Scenario,
    { bounds = defaultBounds, first = false, counterexamples = true, outcomes = false }: RunSettings = {},
    handling: RunHandling = {},
  ): Promise<SimulationResult> {
    const { installation } = this;
    const job = (shared: SharedArrayBuffer): Job => {
      return { kind: 'run', installation, tree, scenario, bounds, first, counterexamples, outcomes, shared };
    };
    const ran = await this.whileWanted<SimulationResult>(job, handling);
    return ran.ok ? ran.value : notRun(scenario, tree.label, bounds, ran.failure);
  }

  /** Calls functions of a file, or says in one line why that can't be done. Never rejects. */
  async call(request: CallRequest, bounds: Bounds, handling: RunHandling = {}): Promise<Result<Called, string>> {
    const { installation } = this;
    const job = (shared: SharedArrayBuffer): Job => ({ kind: 'call', installation, request, bounds, shared });
    const called = await this.whileWanted<Result<Called, string>>(job, handling);
    return called.ok ? called.value : called;
  }

  /** What a job answers that both sides see, or why it does not. It is told when nobody wants it any more. */
  private async whileWanted<T>(jobOf: (shared: SharedArrayBuffer) => Job, { signal, onProgress }: RunHandling): Promise<Result<T, string>> {
    if (signal?.aborted === true) return failed('cancelled');
    const shared = new Shared();
    const ending = new AbortController();
    let giveUp: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      shared.cancel();
      giveUp = setTimeout(() => ending.abort(), patience);
    };
    // One signal ends as many runs as wait.
    if (signal) setMaxListeners(0, signal);
    signal?.addEventListener('abort', cancel, { once: true });
    const report = onProgress && setInterval(() => onProgress(shared.progress), progressEvery);
    try {
      return ok((await this.hand(jobOf(shared.memory), ending.signal)) as T);
    } catch (error) {
      return failed(shared.cancelled ? 'cancelled' : reasonOf(error));
    } finally {
      signal?.removeEventListener('abort', cancel);
      clearTimeout(giveUp);
      clearInterval(report);
    }
  }

  /**
   * Runs scenarios in order, several at a time, and gives each result when all before it are there. Takes scenarios only
   * as fast as they run, so that there may be any number of them.
   */
  async *runAll(
    tree: TreeSource,
    scenarios: Iterable<Scenario>,
    settings: RunSettings = {},
    handling: RunHandling = {},
  ): AsyncGenerator<SimulationResult, void, undefined> {
    const running: Promise<SimulationResult>[] = [];
    for (const scenario of scenarios) {
      running.push(this.run(tree, scenario, settings, handling));
      // Some more than there are threads, so that none waits for a result to be taken.
      if (running.length < 4 * this.workers) continue;
      const next = await running.shift();
      if (next !== undefined) yield next;
    }
    for (const each of running) yield await each;
  }

  /** The counterexample of an error that a run of the tree met; without a trace where it can't be had again. Never rejects. */
  async counterexampleOf(tree: TreeSource, met: MetError, bounds: Bounds, signal?: AbortSignal): Promise<Counterexample> {
    try {
      const job: Job = { kind: 'counterexample', installation: this.installation, tree, met, bounds };
      return (await this.hand(job, signal)) as Counterexample;
    } catch (error) {
      return withoutTrace(met, whyNone(error, signal));
    }
  }

  /** A result of the tree with counterexamples of all its errors. Never rejects. */
  async withCounterexamples(tree: TreeSource, result: SimulationResult, signal?: AbortSignal): Promise<SimulationResult> {
    const { unexplained = [], ...rest } = result;
    const made = await Promise.all(unexplained.map((met) => this.counterexampleOf(tree, met, result.bounds, signal)));
    return { ...rest, counterexamples: [...result.counterexamples, ...made].sort(bySize) };
  }

  /** The path of a schedule with its error, told in full, or the reason why there is none. Never rejects. */
  replay(tree: TreeSource, scenario: Scenario, schedule: string, signal?: AbortSignal): Promise<Result<Counterexample, string>> {
    return this.follow<Counterexample>({ kind: 'replay', installation: this.installation, tree, scenario, schedule }, signal);
  }

  /** What a schedule does, with an error or without one, or the reason why it does not fit the tree. Never rejects. */
  trace(tree: TreeSource, scenario: Scenario, schedule: string, signal?: AbortSignal): Promise<Result<SimulationTrace, string>> {
    return this.follow<SimulationTrace>({ kind: 'trace', installation: this.installation, tree, scenario, schedule }, signal);
  }

  /** Ends all threads; runs that have not ended are `not run`. */
  async dispose(): Promise<void> {
    const { pool } = this;
    this.pool = undefined;
    await pool?.destroy();
  }

  private async follow<T>(job: Job, signal: AbortSignal | undefined): Promise<Result<T, string>> {
    try {
      return (await this.hand(job, signal)) as Result<T, string>;
    } catch (error) {
      return failed(whyNone(error, signal));
    }
  }

  private hand(job: Job, signal: AbortSignal | undefined): Promise<unknown> {
    if (this.pool === undefined) {
      const { worker } = this.installation;
      if (!existsSync(worker)) throw new Error(`${worker} is missing; run \`npm run build\``);
      this.pool = new Tinypool({ filename: worker, minThreads: 1, maxThreads: this.workers, idleTimeout: 60_000 });
    }
    return this.pool.run(job, signal === undefined ? {} : { signal }) as Promise<unknown>;
  }
}

function whyNone(error: unknown, signal: AbortSignal | undefined): string {
  return signal?.aborted === true ? 'cancelled' : reasonOf(error);
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `internal error: ${text.split('\n')[0] ?? ''}`;
}
