// What the runner and its workers say to each other: plain data, and a few numbers that all of them can see.
import type { MessagePort } from 'node:worker_threads';
import type { Called, CallRequest } from '../model/called.js';
import type { Result } from '../model/result.js';
import type { Scenario } from '../model/scenario.js';
import type { Counterexample, MetError, SimulationResult, SimulationTrace } from '../model/simulation.js';
import type { TreeSource } from '../model/source.js';
import type { RestsOn } from './rests-on.js';
import type { Bounds, SharedSearchMemory } from '../simulator/simulator.js';

/** Where the files are that a worker needs; absolute paths. */
export interface RunnerInstallation {
  /** `web-tree-sitter.wasm` and `kernel-c.wasm`. */
  readonly runtime: string;
  readonly grammar: string;
  /** The folder `runtime/`: the model that programs run on. */
  readonly model: string;
  /** `simulation-worker.js`, as `npm run build` makes it. */
  readonly worker: string;
}

export interface RunJob {
  readonly kind: 'run';
  readonly scenario: Scenario;
  readonly bounds: Bounds;
  readonly first: boolean;
  readonly counterexamples: boolean;
  /** What all steps together answered is told too. */
  readonly outcomes: boolean;
  /** What the run rests on is told too. */
  readonly restsOn: boolean;
  /** What earlier runs on other trees rested on: where that is the same on this one, it is not run. */
  readonly earlier: readonly Pick<RestsOn, 'functions' | 'digest'>[];
}

/** What a RunJob answers: a result, or which of the `earlier` ones it is (0-based index), where `restsOn` tells the places of now. */
export type Ran =
  | { readonly kind: 'ran'; readonly result: SimulationResult; readonly restsOn?: RestsOn | undefined }
  | { readonly kind: 'same'; readonly earlier: number; readonly restsOn: RestsOn };

/** The counterexample of an error that a run of the tree met. */
export interface CounterexampleJob {
  readonly kind: 'counterexample';
  readonly met: MetError;
  readonly bounds: Bounds;
}

export interface ReplayJob {
  readonly kind: 'replay';
  readonly scenario: Scenario;
  readonly schedule: string;
}

/** As ReplayJob, where there need be no error. */
export interface TraceJob extends Omit<ReplayJob, 'kind'> {
  readonly kind: 'trace';
}

/** What is done on a tree. */
export type TreeJob = RunJob | CounterexampleJob | ReplayJob | TraceJob;

export type TreeAnswer = Ran | Counterexample | Result<Counterexample | SimulationTrace, string>;

/** Of texts, by path; a file that is not there has none. */
export type FileDigests = Readonly<Record<string, string>>;

/** Jobs on one tree, in the order in which they are begun. */
export interface JobList<J extends TreeJob = TreeJob> {
  readonly tree: TreeSource;
  readonly jobs: readonly J[];
  /** Digests of the tree's files by path, as whoever asks has read them; absent where nobody wants to know whether they still were so. */
  readonly files?: FileDigests | undefined;
}

/** Several workers have the same lists: each takes jobs from them until all are taken. */
export interface ListWork {
  readonly kind: 'lists';
  readonly installation: RunnerInstallation;
  readonly lists: readonly JobList[];
  /** The memory of a TakenJobs, the same for all. */
  readonly taken: SharedArrayBuffer;
  /** The memory of a Shared. */
  readonly shared: SharedArrayBuffer;
  /** On which the worker says what it has done, and is told (HelpOffered) that others help. */
  readonly port: MessagePort;
}

/** `job` is its index in the list with the index `list`; a failure is a bug. */
export interface Done {
  readonly list: number;
  readonly job: number;
  readonly answer: Result<TreeAnswer, string>;
  /** What was read of the tree was as the list's `files` say. */
  readonly asRead: boolean;
}

/** The job runs for long: others may help. */
export interface HelpWanted {
  readonly kind: 'help wanted';
  readonly list: number;
  readonly job: number;
}

/** The worker has begun, or what a job answered, or that others may help with it. */
export type Said = 'begun' | HelpWanted | Done;

/** What the worker is told on its port once others may help with a job. */
export interface HelpOffered {
  readonly list: number;
  readonly job: number;
  readonly memory: SharedSearchMemory;
}

/** Another worker runs the job for long, which is helped to search its scenario. */
export interface HelpWork {
  readonly kind: 'help';
  readonly installation: RunnerInstallation;
  readonly tree: TreeSource;
  readonly job: RunJob;
  readonly memory: SharedSearchMemory;
}

/** Functions of one file, which is part of no tree. */
export interface CallWork {
  readonly kind: 'call';
  readonly installation: RunnerInstallation;
  readonly request: CallRequest;
  readonly bounds: Bounds;
  /** The memory of a Shared. */
  readonly shared: SharedArrayBuffer;
}

export type Work = ListWork | HelpWork | CallWork;

/** Nothing where all has been said on the port. */
export type WorkAnswer = Result<Called, string> | undefined;

export interface RunProgress {
  readonly executions: number;
  readonly states: number;
  readonly errors: number;
}

const slots = { cancelled: 0, executions: 1, states: 2, errors: 3 } as const;

/** Seen by both sides while something runs: whether it is still wanted, and how far the scenario that runs is. */
export class Shared {
  private readonly numbers: Int32Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(4 * Object.keys(slots).length)) {
    this.numbers = new Int32Array(memory);
  }

  cancel(): void {
    Atomics.store(this.numbers, slots.cancelled, 1);
  }

  get cancelled(): boolean {
    return Atomics.load(this.numbers, slots.cancelled) === 1;
  }

  set progress({ executions, states, errors }: RunProgress) {
    Atomics.store(this.numbers, slots.executions, executions);
    Atomics.store(this.numbers, slots.states, states);
    Atomics.store(this.numbers, slots.errors, errors);
  }

  get progress(): RunProgress {
    const number = (slot: number): number => Atomics.load(this.numbers, slot);
    return { executions: number(slots.executions), states: number(slots.states), errors: number(slots.errors) };
  }
}
