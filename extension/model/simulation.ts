// What a simulated run says: verdict, counterexamples step by step, what each step answered, and what was assumed.
import type { Combinations } from './combinations.js';
import type { MissingAnswer } from './missing.js';
import type { Scenario } from './scenario.js';
import type { LineNumber, Span } from './source.js';

export const simulationErrorKinds = [
  'leak',
  'use-after-free',
  'double-free',
  'dangling-reference',
  'refcount',
  'null-dereference',
  'wild-dereference',
  'uninitialised',
  'warning',
  'bug',
  'lock-imbalance',
  'index-without-lock',
  'list-without-lock',
  'deadlock',
  'sleep-in-atomic',
  'rcu-outside',
  'wrong-result',
  'live-lock',
] as const;

export type SimulationErrorKind = (typeof simulationErrorKinds)[number];

/** A place in the tree or in the model (`model/...`), for people and editors. */
export interface CodePlace {
  readonly file: string;
  /** 1-based. */
  readonly line: LineNumber;
  readonly span: Span;
  readonly function: string;
}

export interface SimulationError {
  readonly kind: SimulationErrorKind;
  /** Stable while lines shift: kind, function and what it is about. */
  readonly id: string;
  readonly message: string;
  /** Where it happened; null at the end of a scenario. */
  readonly at: CodePlace | null;
  /** More places that explain it: where the object was allocated, freed, who should have dropped it. */
  readonly related: readonly { readonly at: CodePlace; readonly message: string }[];
  /** The `SimulatedObject.id` of what it is about, in the trace that comes with it; absent where it is about no object. */
  readonly object?: number;
  /** Index into the steps of the trace that comes with it: the one that tells it. Absent where there is no trace. */
  readonly step?: number;
  /** Answers that nothing was known of and that were assumed on the path to it, such as `foo() taken to return 0`; absent for none. */
  readonly assumed?: readonly string[];
}

/** That an error is only as right as what was assumed on its path; null where nothing was. */
export function assumedText({ assumed = [] }: SimulationError): string | null {
  if (assumed.length === 0) return null;
  return `hangs on ${assumed.length === 1 ? 'an assumed answer' : 'assumed answers'}: ${assumed.join('; ')}`;
}

/** One memory cell or count that a step changed. */
export interface Change {
  /** `SimulatedObject.id` */
  readonly object: number;
  /** The field as C names it from the object, such as `count.refs` or `inode.i_mode`. */
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

export type SimulationStepKind =
  'operation' | 'answer' | 'statement' | 'branch' | 'call' | 'return' | 'fault' | 'input' | 'switch' | 'print' | 'warning' | 'error';

export interface SimulationStep {
  /** 0-based thread; 0 is the main thread, which runs steps that are not in `parallel`. */
  readonly thread: number;
  readonly kind: SimulationStepKind;
  /** Index into `Counterexample.operations`; -1 in setup and teardown. */
  readonly operation: number;
  /** Nesting of calls; 0 is the operation itself. */
  readonly depth: number;
  /** null for steps that no line of code stands for. */
  readonly at: CodePlace | null;
  /** What happens, in one line: the source statement, or words. */
  readonly text: string;
  readonly changes: readonly Change[];
}

/** What an object is at a step, and from there on until its next entry. */
export interface ObjectMoment {
  /** Index into `steps`. */
  readonly step: number;
  readonly state: 'live' | 'waiting for a grace period' | 'freed';
  /** The value of its reference count, if it has one. */
  readonly count: number | null;
  /** Who points to it: `index 1 of fuse_conn`, `fuse_inode.fb`, `fb in fuse_backing_close() of thread 1`. */
  readonly holders: readonly string[];
  /** What is around the tree's code changed it: a driver of the scenario, the model's own deferred work. Absent for the tree's. */
  readonly outside?: true;
}

export interface SimulatedObject {
  readonly id: number;
  /** `fuse_backing`, `file`, ... as C names its type, or what allocated it. */
  readonly type: string;
  /** For people, unique in the run: `fuse_backing 1`. */
  readonly name: string;
  /** Index into `steps`. */
  readonly from: number;
  readonly moments: readonly ObjectMoment[];
}

/** What a step of the scenario did, as it was on the path told. */
export interface PerformedOperation {
  /** As a person writes it: `backing-close(id=1)`. */
  readonly text: string;
  readonly actor: string;
  readonly thread: number;
  /** 1-based line in the scenario; 0 where generated. */
  readonly line: LineNumber;
  /** What it answered: a number, `-EBUSY`, or null where it did not end. */
  readonly answer: string | null;
}

/** A path that ends in an error, or any other path told in full. */
export interface SimulationTrace {
  readonly threads: readonly string[];
  readonly operations: readonly PerformedOperation[];
  readonly steps: readonly SimulationStep[];
  readonly objects: readonly SimulatedObject[];
  /** Index into `steps` from which on everything is torn down; absent where the path does not come there. */
  readonly teardown?: number;
  /** Absent for none. */
  readonly missing?: readonly MissingAnswer[];
}

/** An error with a path to it, which nobody has looked at more closely. */
export interface MetError {
  readonly error: SimulationError;
  readonly scenario: Scenario;
  readonly faults: number;
  readonly preemptions: number;
  /** What was decided on the path, in one line. */
  readonly schedule: string;
}

/** An error with a path to it, told in full; its scenario is shrunk, and replaying `schedule` on that gives this very trace. */
export interface Counterexample extends MetError {
  /** Scenario and schedule in one line, which `--replay` and the editor take; there where a runner ran it. */
  readonly replay?: string;
  readonly trace: SimulationTrace;
}

/** Index of the step that tells an error; the last one that tells any where it is not known which, undefined where none does. */
export function errorStep(error: SimulationError | null, { steps }: SimulationTrace): number | undefined {
  if (error?.step !== undefined) return error.step;
  const last = steps.findLastIndex(({ kind }) => kind === 'error' || kind === 'warning');
  return last < 0 ? undefined : last;
}

/** The counterexample of an error whose path can't be told. */
export function withoutTrace(met: MetError, why: string): Counterexample {
  const error = { ...met.error, message: `${met.error.message} (${why})` };
  return { ...met, error, trace: { threads: [], operations: [], steps: [], objects: [] } };
}

/** What was not known, and how often a path came by it. */
export interface Assumption {
  readonly kind: 'callee' | 'construct' | 'constant' | 'type' | 'option';
  readonly name: string;
  readonly assumed: string;
  readonly times: number;
}

export interface SimulationStats {
  /** Paths run to an end. */
  readonly executions: number;
  /** Different states in which a thread was chosen to go on, or was the only one that could. */
  readonly states: number;
  readonly transitions: number;
  /** Paths cut because their state had been seen, or because another order of independent steps covers them. */
  readonly pruned: number;
  /** Processor threads that searched the scenario, where they were several; how many paths and states they came to hangs on who was faster. */
  readonly workers?: number;
  readonly milliseconds: number;
}

export interface SimulationBounds {
  readonly faults: number;
  /** null: any number. */
  readonly preemptions: number | null;
  readonly executions: number;
  readonly milliseconds: number;
  /** Everything within `faults` and `preemptions` was run. */
  readonly exhaustive: boolean;
  /** What ended the run before that; null where nothing did. */
  readonly stopped: string | null;
}

/** Who points to an object: a field by the name of its record (`fuse_inode.fb`), or what an index in that field holds under a key. */
export interface Holder {
  readonly field: string;
  /** `entry 1`; null where the field itself points. */
  readonly key: string | null;
}

/** A counted object that is alive, and who points to it: memory that outlives the step, not local variables. */
export interface HeldObject {
  /** As C names it: `fuse_backing`. */
  readonly type: string;
  readonly count: number | null;
  /** Freed, and there until a grace period has passed. */
  readonly waiting: boolean;
  /** Sorted, each once. */
  readonly holders: readonly Holder[];
}

/** `entry 1 of fuse_conn.backing_files_map` */
export function holderText({ field, key }: Holder): string {
  return key === null ? field : `${key} of ${field}`;
}

/** `fuse_backing: count 2, held by entry 1 of fuse_conn.backing_files_map, fuse_inode.fb` */
export function heldText({ type, count, waiting, holders }: HeldObject): string {
  const state = waiting ? ', waits for a grace period' : '';
  return `${type}: count ${count}${state}${holders.length > 0 ? `, held by ${holders.map(holderText).join(', ')}` : ''}`;
}

/** A call that failed on the way to a behaviour: 0-based index of the operation, and what failed (`kmalloc_obj`). */
export interface BehaviourFault {
  readonly operation: number;
  readonly name: string;
}

/** `kmalloc_obj() of step 1 fails`; empty for no fault. */
export function underText(faults: readonly BehaviourFault[]): string {
  return faults.map(({ name, operation }) => `${name}() of step ${operation + 1} fails`).join(', ');
}

/** What a step answered and what was alive after it, on the first path with these faults and no preemption. */
export interface Behaviour {
  /** `backing-close(id=id)` */
  readonly operation: string;
  /** 0-based index among the scenario's operations. */
  readonly index: number;
  /** 1-based; 0 where generated. */
  readonly line: LineNumber;
  /** Faults on the way here; empty for none. */
  readonly faults: readonly BehaviourFault[];
  readonly answer: string;
  /** Sorted. */
  readonly held: readonly HeldObject[];
  /** What was decided on the path, in one line, as in a counterexample. */
  readonly schedule: string;
}

/** A call that failed on a path. */
export interface SimulatedFault {
  /** Index among the scenario's operations. */
  readonly operation: number;
  /** 1-based among the fallible calls of the operation, on the path that was met first. */
  readonly nth: number;
  /** What failed: `prepare_creds`, `kmalloc_obj`. */
  readonly name: string;
  /** The innermost call of the tree; of the model, where no code of the tree runs. */
  readonly at: CodePlace;
  /** 1-based line on which that call ends. */
  readonly lastLine: LineNumber;
}

/** What all operations of a path answered. */
export interface SimulatedOutcome {
  /** In the order of the path. */
  readonly faults: readonly SimulatedFault[];
  /** By operation, negative error numbers. null: left out, as what it refers to had failed; or where `ended` says so. */
  readonly answers: readonly (number | null)[];
  /** The same in decimal; there where a number does not hold one of them. */
  readonly exactly?: readonly (string | null)[];
  /** Why the path ended before its operations did, which then have no answer; null where it did not. */
  readonly ended: string | null;
  /** One that leads there. */
  readonly schedule: string;
}

/** A use of memory that another thread may use at the same time. */
export interface RacingAccess {
  /** The innermost place in the tree; null where no code of it runs. */
  readonly at: CodePlace | null;
  readonly write: boolean;
  /** Not READ_ONCE(), WRITE_ONCE(), an atomic operation or another call. */
  readonly plain: boolean;
}

/** Two accesses of the same bytes that nothing orders, one of them a write and one of them plain: no error by itself. */
export interface DataRace {
  /** What is used: `fuse_inode.fb`, or the name of a variable. */
  readonly object: string;
  /** By place. */
  readonly accesses: readonly [RacingAccess, RacingAccess];
}

export interface SimulationResult {
  readonly scenario: Scenario;
  /** The tree's label. */
  readonly tree: string;
  readonly verdict: 'no error' | 'errors' | 'not run';
  /** Why it was not run: the tree lacks what it needs. */
  readonly reason: string | null;
  /** Functions of the tree that paths came to and that are not analysed: nothing is said of what follows. Absent for none. */
  readonly unread?: readonly string[];
  /** Shortest first: fewest operations, faults, preemptions. One for each different error. */
  readonly counterexamples: readonly Counterexample[];
  /** Errors that the run was asked not to make counterexamples of; absent for none. */
  readonly unexplained?: readonly MetError[];
  readonly behaviours: readonly Behaviour[];
  /** What is held when the first step begins; absent where behaviours were not asked for. */
  readonly start?: readonly HeldObject[];
  /** Each different one over all paths once, told apart by faults and answers; there where the run was asked for it. */
  readonly outcomes?: readonly SimulatedOutcome[];
  /** Of a scenario with parallel steps. */
  readonly combinations?: Combinations;
  /** On paths without faults; `always`: on all of them. Absent for none. */
  readonly missing?: readonly (MissingAnswer & { readonly always: boolean })[];
  readonly assumed: readonly Assumption[];
  /** On any path, each pair of places once, by place; absent for none. */
  readonly dataRaces?: readonly DataRace[];
  /** Names of the tree's functions that ran on any path, setup and teardown included; sorted, each once. */
  readonly covered?: readonly string[];
  readonly stats: SimulationStats;
  readonly bounds: SimulationBounds;
  /** It was not run this time, but before: on that very tree, or on one where all that it enters is the same. Absent where it was run. */
  readonly known?: 'same tree' | 'same code';
  /** A digest of all that it entered and what that depends on: the same on trees that differ in nothing it reaches. Absent where nobody asked. */
  readonly restsOn?: string;
}

/** All errors of a run, those of its counterexamples first. */
export function errorsIn({ counterexamples, unexplained = [] }: SimulationResult): readonly MetError[] {
  return [...counterexamples, ...unexplained];
}

/** Operations of the scenario that an error was met in. */
export function operationCount({ scenario }: MetError): number {
  return scenario.steps.reduce((sum, step) => sum + (step.kind === 'operation' ? 1 : step.branches.flat().length), 0);
}

/** Fewest operations first, then faults, then preemptions. */
export function bySize(a: MetError, b: MetError): number {
  return operationCount(a) - operationCount(b) || a.faults - b.faults || a.preemptions - b.preemptions;
}
