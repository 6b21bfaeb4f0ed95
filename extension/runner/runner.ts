// Simulations in worker threads, for the command line and the editor: what is to be done on a tree is a list of jobs, and as many
// threads take from it as there are processors.
import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { MessageChannel, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
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
import {
  Shared,
  type CounterexampleJob,
  type Done,
  type HelpWork,
  type JobList,
  type ListWork,
  type Ran,
  type RunJob,
  type RunProgress,
  type RunnerInstallation,
  type Said,
  type TreeAnswer,
  type TreeJob,
  type Work,
} from './jobs.js';
import type { TreeSource } from '../model/source.js';
import { SharedSearch } from '../simulator/explore/shared-search.js';
import { Helping } from './helping.js';
import { KnownResults, type Known } from './known-results.js';
import { linkedSignal } from './linked-signal.js';
import { notRun } from './not-run.js';
import { TakenJobs } from './taken-jobs.js';

export interface RunnerOptions {
  readonly installation: RunnerInstallation;
  /** Threads; without it as many as there are processors, and no more than 8. */
  readonly workers?: number;
  /** Milliseconds that threads with nothing to do are kept, with the programs that they have loaded; a minute unless said otherwise. */
  readonly idle?: number;
  /** The user's cache, in which what `runEach` comes to is cached, and paths that are told; without it nothing is. */
  readonly cache?: string | undefined;
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
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

/** Scenarios to be run on a tree, each with its settings. */
export interface RunList {
  readonly tree: TreeSource;
  readonly runs: readonly { readonly scenario: Scenario; readonly settings: RunSettings }[];
  /** The tree is being typed: what it comes to is not cached, as there will be hundreds of such trees. */
  readonly typed?: boolean;
}

export interface RunListHandling {
  readonly signal?: AbortSignal | undefined;
  /** With the indices of its list and, in that, of its run. */
  readonly onResult?: ((result: SimulationResult, list: number, run: number) => void) | undefined;
  /** All threads have what they need to go on by themselves, however long the caller's own thread is busy. */
  readonly onBegun?: (() => void) | undefined;
}

/** An error that a run of a tree met within those bounds. */
export interface MetWithin {
  readonly met: MetError;
  readonly bounds: Bounds;
}

interface Handling {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
  readonly onDone?: ((done: Done) => void) | undefined;
  readonly onBegun?: (() => void) | undefined;
}

/** Milliseconds between two reports of progress. */
const progressEvery = 150;

/** Milliseconds that a run has to end by itself once it is cancelled; then its thread is ended. */
const patience = 5000;

/** Scenarios of one list, where there may be any number of them. */
const atATime = 1000;

export class Runner {
  private readonly installation: RunnerInstallation;
  readonly workers: number;
  private pool: Tinypool | undefined;
  private readonly idle: number;
  private readonly known: KnownResults | null;
  /** What threads were given and have not ended. */
  private busy = 0;
  private readonly helping = new Set<Helping>();

  constructor({ installation, workers, idle = 60_000, cache }: RunnerOptions) {
    this.installation = installation;
    this.idle = idle;
    this.known = cache === undefined ? null : new KnownResults(cache, installation);
    this.workers = Math.max(1, workers ?? Math.min(8, availableParallelism()));
  }

  /**
   * Runs a scenario on a tree as it is when its turn comes. Never rejects: what can't be run, or fails by a bug, is
   * `not run` with the reason.
   */
  async run(tree: TreeSource, scenario: Scenario, settings: RunSettings = {}, handling: RunHandling = {}): Promise<SimulationResult> {
    const job = runJob(scenario, settings);
    const [answers] = await this.doAll([{ tree, jobs: [job] }], handling);
    return ranOf(tree, job, answers?.[0]);
  }

  /** Runs lists of scenarios but what is known, and gives their results by list, in order. Never rejects. */
  async runEach(lists: readonly RunList[], { signal, onResult, onBegun }: RunListHandling = {}): Promise<SimulationResult[][]> {
    const given = lists.map(({ tree, runs }): JobList<RunJob> => {
      const list = { tree, jobs: runs.map(({ scenario, settings }) => runJob(scenario, settings)) };
      return this.known?.withFiles(list) ?? list;
    });
    const known = given.map((list) => this.known?.of(list) ?? []);
    const results: (SimulationResult | null)[][] = given.map(({ jobs }, at) => jobs.map((_, job) => known[at]?.[job]?.result ?? null));
    for (const [list, own] of results.entries())
      for (const [run, result] of own.entries()) if (result !== null) onResult?.(result, list, run);
    /** Of each job that is left, its index in the whole list. */
    const left = results.map((list) => list.flatMap((result, job) => (result === null ? [job] : [])));
    const take = (at: number, job: number, answer: Done['answer'] | undefined, asRead: boolean): SimulationResult | null => {
      const [list, what] = [given[at], known[at]?.[job]];
      const own = list?.jobs[job];
      if (!list || !own) return null;
      if (answer?.ok === true && what && this.known) return this.known.take(what, list.tree, own, { answer: answer.value as Ran, asRead });
      return ranOf(list.tree, own, answer);
    };
    const jobs = given.map((list, at) => ({ ...list, jobs: withKnown(list.jobs, known[at] ?? [], left[at] ?? []) }));
    const answers = await this.doAll(jobs, {
      signal,
      onBegun,
      onDone: ({ list, job, answer, asRead }) => {
        const whole = left[list]?.[job] ?? 0;
        const result = take(list, whole, answer, asRead && lists[list]?.typed !== true);
        const own = results[list];
        if (own && result) own[whole] = result;
        if (result) onResult?.(result, list, whole);
      },
    });
    for (const [at, list] of left.entries())
      for (const [job, whole] of list.entries()) {
        const own = results[at];
        if (own) own[whole] ??= take(at, whole, answers[at]?.[job], false);
      }
    return results.map((list) => list.flatMap((result) => result ?? []));
  }

  /**
   * Runs scenarios in order, several at a time, and gives each result when all before it are there. Takes scenarios only
   * as fast as they run, so that there may be any number of them.
   */
  async *runAll(
    tree: TreeSource,
    scenarios: Iterable<Scenario>,
    settings: RunSettings = {},
    { signal }: Pick<RunHandling, 'signal'> = {},
  ): AsyncGenerator<SimulationResult, void, undefined> {
    // Whoever takes no more results wants no more runs.
    const left = new AbortController();
    const ends = linkedSignal([signal, left.signal]);
    try {
      for (const some of inChunks(scenarios, atATime)) {
        const jobs = some.map((scenario) => runJob(scenario, settings));
        const told: ((answer: Done['answer'] | undefined) => void)[] = [];
        const answers = jobs.map((_, at) => new Promise<Done['answer'] | undefined>((resolve) => void (told[at] = resolve)));
        const all = this.doAll([{ tree, jobs }], { signal: ends.signal, onDone: ({ job, answer }) => told[job]?.(answer) });
        void all.then(([list]) => told.forEach((tell, at) => tell(list?.[at])));
        for (const [at, job] of jobs.entries()) yield ranOf(tree, job, await answers[at]);
      }
    } finally {
      ends.unlink();
      left.abort();
    }
  }

  /** Counterexamples of errors that runs of trees met, by list; without a trace where one can't be had again. Never rejects. */
  async counterexamplesOf(
    lists: readonly { readonly tree: TreeSource; readonly met: readonly MetWithin[] }[],
    signal?: AbortSignal,
  ): Promise<Counterexample[][]> {
    const given = lists.map(({ tree, met }) => ({
      tree,
      jobs: met.map((each): CounterexampleJob => ({ kind: 'counterexample', ...each })),
    }));
    const answers = await this.answersOf(given, signal);
    return given.map(({ jobs }, list) =>
      jobs.map(({ met }, job) => {
        const answer = answers[list]?.[job] ?? failed('cancelled');
        return answer.ok ? (answer.value as Counterexample) : withoutTrace(met, answer.failure);
      }),
    );
  }

  /** A result of the tree with counterexamples of all its errors. Never rejects. */
  async withCounterexamples(tree: TreeSource, result: SimulationResult, signal?: AbortSignal): Promise<SimulationResult> {
    const { unexplained = [], ...rest } = result;
    const { bounds } = result;
    const [made = []] = await this.counterexamplesOf([{ tree, met: unexplained.map((met) => ({ met, bounds })) }], signal);
    return { ...rest, counterexamples: [...result.counterexamples, ...made].sort(bySize) };
  }

  /** The path of a schedule with its error, told in full, or the reason why there is none. Never rejects. */
  async replay(tree: TreeSource, scenario: Scenario, schedule: string, signal?: AbortSignal): Promise<Result<Counterexample, string>> {
    const [answers] = await this.doAll([{ tree, jobs: [{ kind: 'replay', scenario, schedule }] }], { signal });
    return followed<Counterexample>(answers?.[0]);
  }

  /** What a schedule does, with an error or without one, or the reason why it does not fit the tree. Never rejects. */
  async trace(tree: TreeSource, scenario: Scenario, schedule: string, signal?: AbortSignal): Promise<Result<SimulationTrace, string>> {
    const [trace = failed('cancelled')] = await this.traces(tree, [{ scenario, schedule }], signal);
    return trace;
  }

  /** As `trace`, for several paths of a tree. */
  async traces(
    tree: TreeSource,
    paths: readonly { readonly scenario: Scenario; readonly schedule: string }[],
    signal?: AbortSignal,
  ): Promise<Result<SimulationTrace, string>[]> {
    const jobs = paths.map(({ scenario, schedule }): TreeJob => ({ kind: 'trace', scenario, schedule }));
    const [answers = []] = await this.answersOf([{ tree, jobs }], signal);
    return paths.map((_, at) => followed<SimulationTrace>(answers[at]));
  }

  /** Calls functions of a file, or says in one line why that can't be done. Never rejects. */
  async call(request: CallRequest, bounds: Bounds, handling: RunHandling = {}): Promise<Result<Called, string>> {
    const { installation } = this;
    return this.whileWanted(handling, patience, async (shared, ending) => {
      try {
        return (await this.hand({ kind: 'call', installation, request, bounds, shared: shared.memory }, ending)) as Result<Called, string>;
      } catch (error) {
        return failed(shared.cancelled ? 'cancelled' : reasonOf(error));
      }
    });
  }

  /** Ends all threads; runs that have not ended are `not run`. */
  async dispose(): Promise<void> {
    const { pool } = this;
    this.pool = undefined;
    await pool?.destroy();
  }

  /** What jobs answer that run nothing: those that are not known are done. */
  private async answersOf(lists: readonly JobList[], signal: AbortSignal | undefined): Promise<(Done['answer'] | undefined)[][]> {
    const { known } = this;
    if (known === null) return this.doAll(lists, { signal });
    const given = lists.map((list) => known.withFiles(list));
    const before = given.map((list) => known.answers(list));
    const left = given.map((list, at) => ({ ...list, jobs: list.jobs.filter((_, job) => before[at]?.[job] === undefined) }));
    const onDone = ({ list: at, job, answer, asRead }: Done): void => {
      const [list, own] = [left[at], left[at]?.jobs[job]];
      if (list && own && asRead && answer.ok && isTold(answer.value)) known.keep(list, own, answer.value);
    };
    const made = await this.doAll(left, { signal, onDone });
    return given.map(({ jobs }, at) => {
      const answers = made[at]?.values();
      return jobs.map((_, index) => {
        const answer = before[at]?.[index];
        return answer === undefined ? answers?.next().value : ok(answer);
      });
    });
  }

  /**
   * Does all jobs of lists, and gives what they answered by list, in order; undefined where nobody wanted a job any more before it
   * was done. A thread that dies by a bug takes its job with it and no other. Never rejects.
   */
  private doAll(lists: readonly JobList[], { signal, onProgress, onDone, onBegun }: Handling): Promise<(Done['answer'] | undefined)[][]> {
    const answers: (Done['answer'] | undefined)[][] = lists.map(({ jobs }) => jobs.map(() => undefined));
    const jobs = lists.flatMap((list) => list.jobs);
    if (jobs.length === 0) onBegun?.();
    if (signal?.aborted === true || jobs.length === 0) return Promise.resolve(answers);
    const taken = new TakenJobs(lists.map((list) => list.jobs.length));
    // What follows a path does not look whether it is still wanted.
    const givesUp = jobs.some(({ kind }) => kind === 'run') ? patience : 0;
    return this.whileWanted({ signal, onProgress }, givesUp, async (shared, ending) => {
      const { installation } = this;
      const work = { kind: 'lists', installation, lists, taken: taken.memory, shared: shared.memory } as const;
      const count = Math.min(this.workers, jobs.length);
      let begun = 0;
      const helping = new Helping(lists, {
        has: (mayBeNew) => this.busy < (mayBeNew ? this.workers : this.threads().threads.length),
        start: (help) => this.help({ kind: 'help', installation, ...help }, ending),
      });
      this.helping.add(helping);
      const hear = (said: Said, port: MessagePort): void => {
        if (said === 'begun') {
          if (++begun === count) onBegun?.();
          return;
        }
        if ('kind' in said) return helping.offer(said, port);
        helping.done(said);
        const list = answers[said.list];
        if (list) list[said.job] = said.answer;
        onDone?.(said);
      };
      for (let left = jobs.length; left > 0 && !shared.cancelled;) {
        const ends = await Promise.all(
          Array.from({ length: count }, async () => {
            const end = await this.work(work, ending, hear);
            helping.spread();
            return end;
          }),
        );
        helping.end();
        const [why] = ends.flatMap((end) => end ?? []);
        if (why === undefined) break;
        const before = left;
        left = lists.reduce((sum, _, at) => sum + taken.left(at), 0);
        // Threads that die before they take anything will do so again.
        const whole = left === before;
        for (const [at, list] of answers.entries())
          for (const [job, answer] of list.entries())
            if (answer === undefined && (whole || taken.isTaken(at, job))) list[job] = failed(why);
        if (whole) break;
      }
      this.helping.delete(helping);
      return answers;
    });
  }

  /** Has one thread work on lists; the reason where it died. */
  private async work(
    work: Omit<ListWork, 'port'>,
    ending: AbortSignal,
    hear: (said: Said, port: MessagePort) => void,
  ): Promise<string | undefined> {
    const { port1: ours, port2: port } = new MessageChannel();
    ours.on('message', (said: Said) => {
      hear(said, ours);
    });
    try {
      await this.hand({ ...work, port }, ending, [port]);
      return undefined;
    } catch (error) {
      return reasonOf(error);
    } finally {
      // What was said before the end may come after it.
      for (let left = receiveMessageOnPort(ours); left !== undefined; left = receiveMessageOnPort(ours)) hear(left.message as Said, ours);
      ours.close();
    }
  }

  /** Does something until nobody wants it any more: then it is told, and ended after so many milliseconds. */
  private async whileWanted<T>(
    { signal, onProgress }: RunHandling,
    givesUp: number,
    work: (shared: Shared, ending: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const shared = new Shared();
    const ending = new AbortController();
    let giveUp: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      shared.cancel();
      giveUp = setTimeout(() => ending.abort(), givesUp);
    };
    // One signal ends as many runs as wait.
    if (signal) setMaxListeners(0, signal);
    setMaxListeners(0, ending.signal);
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    const report = onProgress && setInterval(() => onProgress(shared.progress), progressEvery);
    try {
      return await work(shared, ending.signal);
    } finally {
      signal?.removeEventListener('abort', cancel);
      clearTimeout(giveUp);
      clearInterval(report);
    }
  }

  private threads(): Tinypool {
    if (this.pool === undefined) {
      const { worker } = this.installation;
      if (!existsSync(worker)) throw new Error(`${worker} is missing; run \`npm run build\``);
      this.pool = new Tinypool({ filename: worker, minThreads: 1, maxThreads: this.workers, idleTimeout: this.idle });
    }
    return this.pool;
  }

  /** Has a thread help; the one that is helped is told where it dies. */
  private async help(work: HelpWork, signal: AbortSignal): Promise<void> {
    try {
      await this.hand(work, signal);
    } catch {
      new SharedSearch(work.memory).giveUp();
    }
  }

  private async hand(work: Work, signal: AbortSignal, transferList: MessagePort[] = []): Promise<unknown> {
    const isQueued = this.busy >= this.workers;
    if (isQueued && work.kind !== 'help') for (const helping of this.helping) if (helping.dismiss()) break;
    this.busy++;
    try {
      return (await this.threads().run(work, { signal, transferList })) as unknown;
    } finally {
      this.busy--;
    }
  }
}

function runJob(
  scenario: Scenario,
  { bounds = defaultBounds, first = false, counterexamples = true, outcomes = false }: RunSettings,
): RunJob {
  return { kind: 'run', scenario, bounds, first, counterexamples, outcomes, restsOn: false, earlier: [] };
}

/** The jobs that are left, with what is to be known of them and what is known of others like them. */
function withKnown(jobs: readonly RunJob[], known: readonly Known[], left: readonly number[]): RunJob[] {
  return left.flatMap((at) => {
    const [job, { earlier = [], key = null } = {}] = [jobs[at], known[at]];
    const rested = earlier.map(({ restsOn: { functions, digest } }) => ({ functions, digest }));
    return job === undefined ? [] : [{ ...job, restsOn: key !== null, earlier: rested }];
  });
}

/** A run's result; `not run` where there is none. */
function ranOf({ label }: TreeSource, { scenario, bounds }: RunJob, answer: Done['answer'] = failed('cancelled')): SimulationResult {
  if (!answer.ok) return notRun(scenario, label, bounds, answer.failure);
  const ran = answer.value as Ran;
  return ran.kind === 'ran' ? ran.result : notRun(scenario, label, bounds, 'internal error: what was asked for was not run');
}

/** It tells a path. */
function isTold(answer: TreeAnswer): boolean {
  return 'trace' in answer ? answer.trace.steps.length > 0 : 'ok' in answer && answer.ok;
}

function followed<T>(answer: Done['answer'] = failed('cancelled')): Result<T, string> {
  return answer.ok ? (answer.value as Result<T, string>) : answer;
}

function* inChunks<T>(all: Iterable<T>, size: number): Generator<T[], void, undefined> {
  let chunk: T[] = [];
  for (const each of all) {
    chunk.push(each);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `internal error: ${text.split('\n')[0] ?? ''}`;
}
