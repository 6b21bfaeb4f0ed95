// What a worker keeps from job to job: parser, runtime, and the programs of the last few trees.
import { callFunctions } from './calls.js';
import { kernelLoader } from '../kernel/loader.js';
import type { Called } from '../model/called.js';
import { formatProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import type { Scenario } from '../model/scenario.js';
import { withoutTrace, type Counterexample, type SimulationResult } from '../model/simulation.js';
import type { SourceTree, TreeSource } from '../model/source.js';
import type { DiskTree } from '../patch/disk-tree.js';
import type { ProgramLoader } from '../program/load.js';
import type { Runtime } from '../scenario/runtime.js';
import { replayLine } from '../review/replay-line.js';
import { createSimulator, type Simulator } from '../simulator/simulator.js';
import { SyntaxParser } from '../syntax/parser.js';
import {
  Shared,
  type CallJob,
  type JobAnswer,
  type Job,
  type ReplayJob,
  type RunJob,
  type RunnerInstallation,
  type CounterexampleJob,
} from './jobs.js';
import { notRun } from './not-run.js';
import { installedRuntimes, type Runtimes } from './installed-runtimes.js';
import { NotedTree, openSource } from './tree-source.js';

/** Programs kept: a tree before and after a patch, each in two configurations. */
const cachedPrograms = 4;

interface Prepared {
  readonly config: string;
  readonly runtime: Runtime;
  readonly folder: string;
  readonly noted: NotedTree;
  readonly simulator: Simulator;
}

export class JobHandler {
  private readonly disks = new Map<string, DiskTree>();
  private readonly loader: ProgramLoader;
  private readonly runtimes: Result<Runtimes>;
  /** The one used last comes first. */
  private prepared: Prepared[] = [];

  private constructor(parser: SyntaxParser, model: string) {
    this.loader = kernelLoader(parser);
    this.runtimes = installedRuntimes(model);
  }

  static async create(installation: RunnerInstallation): Promise<JobHandler> {
    return new JobHandler(await SyntaxParser.create(installation), installation.model);
  }

  /** Does a job. Throws for bugs only. */
  do(job: RunJob): SimulationResult;
  do(job: CounterexampleJob): Counterexample;
  do(job: ReplayJob): Result<Counterexample, string>;
  do(job: CallJob): Result<Called, string>;
  do(job: Job): JobAnswer;
  do(job: Job): JobAnswer {
    if (job.kind === 'run') return this.run(job);
    if (job.kind === 'call') return this.call(job);
    if (job.kind === 'counterexample') return this.counterexampleOf(job);
    const simulator = this.simulator(job.tree, job.scenario);
    if (!simulator.ok) return simulator;
    if (job.kind === 'trace') return simulator.value.trace(job.scenario, job.schedule);
    const counterexample = simulator.value.replay(job.scenario, job.schedule);
    return counterexample.ok ? ok(withReplay(counterexample.value)) : counterexample;
  }

  private run({ tree, scenario, bounds, first, counterexamples, outcomes, shared }: RunJob): SimulationResult {
    const state = new Shared(shared);
    if (state.cancelled) return notRun(scenario, tree.label, bounds, 'cancelled');
    const simulator = this.simulator(tree, scenario);
    if (!simulator.ok) return notRun(scenario, tree.label, bounds, simulator.failure);
    const result = simulator.value.run(scenario, {
      bounds,
      first,
      counterexamples,
      outcomes,
      cancelled: () => state.cancelled,
      progress: (done) => void (state.progress = done),
    });
    const { combinations } = result;
    const each = combinations?.each.map((one) => ({ ...one, replay: replayLine({ scenario, schedule: one.schedule }) }));
    return {
      ...result,
      tree: tree.label,
      counterexamples: result.counterexamples.map(withReplay),
      ...(combinations && each ? { combinations: { ...combinations, each } } : {}),
    };
  }

  private call({ request, bounds, shared }: CallJob): Result<Called, string> {
    const state = new Shared(shared);
    if (!this.runtimes.ok) return failed(formatProblem(this.runtimes.failure));
    const { prelude, problems } = this.runtimes.value.kernel;
    const [broken] = problems;
    if (broken !== undefined) return failed(formatProblem(broken));
    return callFunctions(this.loader, prelude, request, {
      bounds,
      cancelled: () => state.cancelled,
      progress: (done) => void (state.progress = done),
    });
  }

  private counterexampleOf({ tree, met, bounds }: CounterexampleJob): Counterexample {
    const simulator = this.simulator(tree, met.scenario);
    return withReplay(simulator.ok ? simulator.value.counterexampleOf(met, { bounds }) : withoutTrace(met, simulator.failure));
  }

  /** A simulator of the tree as it is now, or why there is none. */
  private simulator(source: TreeSource, scenario: Scenario): Result<Simulator, string> {
    if (!this.runtimes.ok) return failed(formatProblem(this.runtimes.failure));
    const runtime = this.runtimes.value.of(source.subsystem);
    const broken = runtime.problems.find(({ severity, where }) => severity === 'error' && !where.includes('/scenarios/'));
    if (broken !== undefined) return failed(formatProblem(broken));
    const opened = openSource(source, this.disks);
    if (!opened.ok) return failed(formatProblem(opened.failure));
    const tree = opened.value;
    const options = new Map([...Object.entries(source.config), ...Object.entries(scenario.config)].map(([name, on]) => [full(name), on]));
    const config = JSON.stringify([...options].sort());
    const known = this.prepared.find(
      (each) => each.config === config && each.runtime === runtime && each.folder === source.folder && each.noted.isLike(tree),
    );
    const used = known ?? this.prepare(tree, source.folder, runtime, options, config);
    this.prepared = [used, ...this.prepared.filter((each) => each !== used)].slice(0, cachedPrograms);
    return ok(used.simulator);
  }

  private prepare(tree: SourceTree, folder: string, runtime: Runtime, options: ReadonlyMap<string, boolean>, config: string): Prepared {
    const noted = new NotedTree(tree);
    const { headers } = runtime.subsystem;
    const program = this.loader.load(noted, { folder, headers, config: options, prelude: runtime.prelude, asAsked: true });
    return { config, runtime, folder, noted, simulator: createSimulator(program, runtime.vocabulary, tree.label) };
  }
}

function withReplay(counterexample: Counterexample): Counterexample {
  return { ...counterexample, replay: replayLine(counterexample) };
}

function full(option: string): string {
  return option.startsWith('CONFIG_') ? option : `CONFIG_${option}`;
}
