// What a worker keeps from job to job: parser, runtime, and the programs of the last few trees.
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
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
import { SharedSearch, createSimulator, type Simulator } from '../simulator/simulator.js';
import { SyntaxParser } from '../syntax/parser.js';
import {
  Shared,
  type CallWork,
  type Done,
  type FileDigests,
  type HelpOffered,
  type HelpWork,
  type JobList,
  type ListWork,
  type Ran,
  type RunJob,
  type RunnerInstallation,
  type Said,
  type TreeAnswer,
  type TreeJob,
  type Work,
  type WorkAnswer,
} from './jobs.js';
import { notRun } from './not-run.js';
import { Fingerprints } from './fingerprints.js';
import { Footing } from './rests-on.js';
import { installedRuntimes, type Runtimes } from './installed-runtimes.js';
import { TakenJobs } from './taken-jobs.js';
import { NotedTree, openSource } from './tree-source.js';

/** Programs kept: a tree before and after a patch, each in two configurations. */
const cachedPrograms = 4;

interface Prepared {
  readonly config: string;
  readonly runtime: Runtime;
  readonly folder: string;
  readonly noted: NotedTree;
  readonly simulator: Simulator;
  readonly footing: Footing;
}

export class JobHandler {
  private readonly disks = new Map<string, DiskTree>();
  private readonly loader: ProgramLoader;
  private readonly runtimes: Result<Runtimes>;
  private readonly fingerprints = new Fingerprints();
  /** The one used last comes first. */
  private prepared: Prepared[] = [];

  private constructor(parser: SyntaxParser, model: string) {
    this.loader = kernelLoader(parser);
    this.runtimes = installedRuntimes(model);
  }

  static async create(installation: RunnerInstallation): Promise<JobHandler> {
    return new JobHandler(await SyntaxParser.create(installation), installation.model);
  }

  /** Does what it is given. Throws for bugs only, and none of a job of a list. */
  do(work: Work): WorkAnswer {
    if (work.kind === 'call') return this.call(work);
    if (work.kind === 'help') this.help(work);
    else this.takeJobs(work);
    return undefined;
  }

  /** Helps another worker with a job, as long as it runs. */
  private help({ tree, job, memory }: HelpWork): void {
    const shared = new SharedSearch(memory);
    // What takes long is to load the tree, if it is not loaded.
    const prepared = shared.isClosed ? undefined : this.preparedFor(tree, job.scenario.config);
    if (prepared?.ok === true) prepared.value.simulator.help(job.scenario, job, shared);
  }

  /** Does jobs of the lists that no other worker does, until none is left or nobody wants them any more. */
  private takeJobs({ lists, taken: memory, shared, port }: ListWork): void {
    const state = new Shared(shared);
    const trees = lists.map((list) => new ListedTree(list, (source, config) => this.preparedFor(source, config)));
    const taken = new TakenJobs(
      lists.map(({ jobs }) => jobs.length),
      memory,
    );
    const isLoaded = (list: number): boolean => trees[list]?.isUsed === true || this.hasLoaded(lists[list]?.tree);
    const say = (said: Said): void => port.postMessage(said);
    say('begun');
    for (;;) {
      const list = state.cancelled ? undefined : taken.join(isLoaded);
      const [tree, jobs] = [trees[list ?? 0], lists[list ?? 0]?.jobs];
      if (list === undefined || tree === undefined || jobs === undefined) break;
      while (!state.cancelled) {
        const started = performance.now();
        const at = taken.take(list);
        const job = jobs[at ?? 0];
        if (at === undefined || job === undefined) break;
        const help = new Help({ list, job: at }, port);
        const answer = this.answer(tree, job, state, help);
        say({ list, job: at, answer, asRead: tree.asRead });
        taken.done(list, performance.now() - started);
      }
    }
  }

  /** What a job answers; why there is no answer is a bug. */
  private answer(tree: ListedTree, job: TreeJob, state: Shared, help: Help): Done['answer'] {
    try {
      return ok(this.onTree(tree, job, state, help));
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }

  private onTree(tree: ListedTree, job: TreeJob, state: Shared, help: Help): TreeAnswer {
    if (job.kind === 'run') return run(tree, job, state, help);
    if (job.kind === 'counterexample') {
      const { met, bounds } = job;
      const simulator = tree.simulator(met.scenario);
      return withReplay(simulator.ok ? simulator.value.counterexampleOf(met, { bounds }) : withoutTrace(met, simulator.failure));
    }
    const simulator = tree.simulator(job.scenario);
    if (!simulator.ok) return simulator;
    if (job.kind === 'trace') return simulator.value.trace(job.scenario, job.schedule);
    const counterexample = simulator.value.replay(job.scenario, job.schedule);
    return counterexample.ok ? ok(withReplay(counterexample.value)) : counterexample;
  }

  private call({ request, bounds, shared }: CallWork): Result<Called, string> {
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

  /** The program of the tree as it is now, or why there is none. */
  private preparedFor(source: TreeSource, config: Scenario['config']): Result<Prepared, string> {
    if (!this.runtimes.ok) return failed(formatProblem(this.runtimes.failure));
    const runtime = this.runtimes.value.of(source.subsystem);
    const broken = runtime.problems.find(({ severity, where }) => severity === 'error' && !where.includes('/scenarios/'));
    if (broken !== undefined) return failed(formatProblem(broken));
    const opened = openSource(source, this.disks);
    if (!opened.ok) return failed(formatProblem(opened.failure));
    const tree = opened.value;
    const options = new Map([...Object.entries(source.config), ...Object.entries(config)].map(([name, on]) => [full(name), on]));
    const key = JSON.stringify([...options].sort());
    const known = this.prepared.find(
      (each) => each.config === key && each.runtime === runtime && each.folder === source.folder && each.noted.isLike(tree),
    );
    const used = known ?? this.prepare(tree, source.folder, runtime, options, key);
    this.prepared = [used, ...this.prepared.filter((each) => each !== used)].slice(0, cachedPrograms);
    return ok(used);
  }

  /** Whether a program of the tree is at hand, in whatever configuration. */
  private hasLoaded(source: TreeSource | undefined): boolean {
    if (source === undefined || this.prepared.length === 0) return false;
    const opened = openSource(source, this.disks);
    return opened.ok && this.prepared.some(({ folder, noted }) => folder === source.folder && noted.isLike(opened.value));
  }

  private prepare(tree: SourceTree, folder: string, runtime: Runtime, options: ReadonlyMap<string, boolean>, config: string): Prepared {
    const noted = new NotedTree(tree);
    const { headers } = runtime.subsystem;
    const program = this.loader.load(noted, { folder, headers, config: options, prelude: runtime.prelude, asAsked: true });
    return {
      config,
      runtime,
      folder,
      noted,
      simulator: createSimulator(program, runtime.vocabulary, tree.label),
      footing: new Footing(program, this.fingerprints),
    };
  }
}

/** Milliseconds that a job runs before others may help with it: less is not worth it, as they may have to load the tree. */
const longEnough = 250;

/** Asks for help with a job that runs for long. */
class Help {
  private readonly begun = performance.now();
  private asked = false;
  private shared: SharedSearch | null = null;

  constructor(
    private readonly which: Pick<HelpOffered, 'list' | 'job'>,
    private readonly port: MessagePort,
  ) {}

  /** What the job is searched through once another thread helps; null before. */
  offered(): SharedSearch | null {
    const { list, job } = this.which;
    if (!this.asked) {
      this.asked = performance.now() - this.begun > longEnough;
      if (this.asked) this.port.postMessage({ kind: 'help wanted', list, job } satisfies Said);
      return null;
    }
    for (let told = receiveMessageOnPort(this.port); told !== undefined; told = receiveMessageOnPort(this.port)) {
      const offered = told.message as HelpOffered;
      if (offered.list === list && offered.job === job) this.shared = new SharedSearch(offered.memory);
    }
    return this.shared?.isHelped === true ? this.shared : null;
  }
}

/** A tree of a list, which is the same for all jobs of the list. */
class ListedTree {
  private readonly known = new Map<string, Result<Prepared, string>>();
  private readonly compared = new Map<NotedTree, boolean>();

  constructor(
    private readonly list: Pick<JobList, 'tree' | 'files'>,
    private readonly prepare: (source: TreeSource, config: Scenario['config']) => Result<Prepared, string>,
  ) {}

  get source(): TreeSource {
    return this.list.tree;
  }

  /** All programs were made of the files that the list tells. */
  get asRead(): boolean {
    const { files } = this.list;
    return files !== undefined && [...this.known.values()].every((made) => made.ok && this.hasRead(made.value.noted, files));
  }

  private hasRead(noted: NotedTree, files: FileDigests): boolean {
    let has = this.compared.get(noted);
    if (has === undefined) this.compared.set(noted, (has = noted.hasRead(files)));
    return has;
  }

  get isUsed(): boolean {
    return this.known.size > 0;
  }

  /** With a scenario's options, or why that can't be done. */
  prepared({ config }: Scenario): Result<Prepared, string> {
    const key = JSON.stringify(Object.entries(config).sort());
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const made = this.prepare(this.source, config);
    this.known.set(key, made);
    return made;
  }

  simulator(scenario: Scenario): Result<Simulator, string> {
    const prepared = this.prepared(scenario);
    return prepared.ok ? ok(prepared.value.simulator) : prepared;
  }
}

function run(tree: ListedTree, job: RunJob, state: Shared, help: Help): Ran {
  const { scenario, bounds, first, counterexamples, outcomes } = job;
  const { label } = tree.source;
  const prepared = tree.prepared(scenario);
  if (!prepared.ok) return { kind: 'ran', result: notRun(scenario, label, bounds, prepared.failure) };
  const { simulator, footing } = prepared.value;
  for (const [earlier, { functions, digest }] of job.earlier.entries()) {
    const restsOn = footing.stateOf(functions);
    if (restsOn?.digest === digest) return { kind: 'same', earlier, restsOn };
  }
  const result = simulator.run(scenario, {
    bounds,
    first,
    counterexamples,
    outcomes,
    cancelled: () => state.cancelled,
    progress: (done) => void (state.progress = done),
    help: () => help.offered(),
  });
  const { combinations } = result;
  const each = combinations?.each.map((one) => ({ ...one, replay: replayLine({ scenario, schedule: one.schedule }) }));
  const told: SimulationResult = {
    ...result,
    tree: label,
    counterexamples: result.counterexamples.map(withReplay),
    ...(combinations && each ? { combinations: { ...combinations, each } } : {}),
  };
  return { kind: 'ran', result: told, ...(job.restsOn ? { restsOn: footing.of(simulator.entered()) } : {}) };
}

function withReplay(counterexample: Counterexample): Counterexample {
  return { ...counterexample, replay: replayLine(counterexample) };
}

function full(option: string): string {
  return option.startsWith('CONFIG_') ? option : `CONFIG_${option}`;
}
