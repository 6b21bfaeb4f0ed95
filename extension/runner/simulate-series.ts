// A series simulated: the bundled scenarios on the tree before it and with it, and which of its patches brings what changed.
import type { Review } from '../model/review.js';
import type { Scenario } from '../model/scenario.js';
import { bySize, errorsIn, type MetError, type SimulationResult } from '../model/simulation.js';
import type { TreeSource } from '../model/source.js';
import { headersRead } from '../program/headers.js';
import { compareBehaviour, differingErrors, errorIds, type BehaviourReview, type ChangedBehaviour } from '../review/behaviour.js';
import { changePath, type ChangePath } from '../review/causes.js';
import { allProblems } from '../review/review-problems.js';
import type { SeriesSimulation } from '../review/series-causes.js';
import type { ShortestError } from '../review/shortest.js';
import type { NotSimulated } from '../review/verdict.js';
import { defaultBounds, type Bounds } from '../simulator/explore/bounds.js';
import type { Runner, RunList, RunListHandling } from './runner.js';

/** One fault on a path; where threads run beside each other no fault and one preemption, so that a review takes seconds. */
const sequentialBounds: Bounds = { ...defaultBounds, faults: 1, milliseconds: 10_000 };
const parallelBounds: Bounds = { ...defaultBounds, faults: 0, preemptions: 1, milliseconds: 10_000 };

/** Paths of changes that are followed in full: what explains more changes than these is told without. */
const followed = 60;

/** Of a signal: what did not run is said to be not run. */
export interface SeriesHandling extends RunListHandling {
  /** Told now and then what one patch changes by the results that are there; errors are told when all are. */
  readonly onChanges?: ((soFar: SeriesSimulation) => void) | undefined;
  /** The last tree is being typed. */
  readonly typed?: boolean;
}

/** Milliseconds between two comparisons of the results that are there. */
const comparesEvery = 250;

/** Scenarios that a simulation of a series runs, on both trees together. */
export function seriesRuns(scenarios: readonly Scenario[]): number {
  return 2 * scenarios.length;
}

/** Why a reviewed series is not simulated; null where it is. Of its trees, once they are known, the first and the last count. */
export function whyNotSimulated(review: Review, trees: readonly TreeSource[] = []): NotSimulated | null {
  if (review.outside !== undefined) return { reason: 'the series touches nothing of it', asked: false };
  if (allProblems(review).some(({ severity }) => severity === 'error'))
    return { reason: 'a part of the series does not apply', asked: false };
  const [base, last] = [trees[0], trees.at(-1)];
  if (base === undefined || last === undefined || touchesSubsystem(base, last)) return null;
  return { reason: 'the series touches nothing that is simulated', asked: true };
}

/** Whether a simulation reads a file that differs between two trees of a series. */
function touchesSubsystem(base: TreeSource, patched: TreeSource): boolean {
  const paths = new Set([...Object.keys(base.files), ...Object.keys(patched.files)]);
  return [...paths].some(
    (path) =>
      (path.startsWith(`${base.folder}/`) || headersRead(base.subsystem).includes(path)) && base.files[path] !== patched.files[path],
  );
}

/**
 * Runs scenarios on the first and the last of `trees`: the base, then the tree with each patch applied. What is new on the
 * last is looked for on those between. Never rejects: what can't be run is said in the results.
 */
export async function simulateSeries(
  runner: Runner,
  scenarios: readonly Scenario[],
  trees: readonly TreeSource[],
  handling: SeriesHandling = {},
): Promise<SeriesSimulation> {
  const [base, last] = [trees[0], trees.at(-1)];
  if (base === undefined || last === undefined) throw new Error('a series has a tree before it');
  const onResult =
    trees.length === 2 && handling.onChanges !== undefined ? soFar(handling.onChanges, handling.onResult) : handling.onResult;
  const lists = [runsOn(base, scenarios), { ...runsOn(last, scenarios), typed: handling.typed === true }];
  const [onBase = [], onLast = []] = await runner.runEach(lists, { ...handling, onResult });
  const [before = [], after = []] = await withShortestCounterexamples(runner, [base, last], [onBase, onLast], handling);
  const behaviour = compareBehaviour(before, after);
  const independent = behaviour.changes.filter(({ follows }) => !follows);
  const paths = await pathsOf(runner, last, scenarios, independent.slice(0, followed), handling);
  return { behaviour, paths, patches: await patchesOf(runner, scenarios, trees, behaviour, handling) };
}

/** Compares results before and after one patch as they come, and passes them on. */
function soFar(tell: (soFar: SeriesSimulation) => void, onResult: RunListHandling['onResult']): RunListHandling['onResult'] {
  const [before, after]: [SimulationResult[], SimulationResult[]] = [[], []];
  let compared = performance.now();
  return (result, list, run) => {
    onResult?.(result, list, run);
    (list === 0 ? before : after)[run] = result;
    if (performance.now() - compared < comparesEvery) return;
    const both = [...after.keys()].filter((each) => before[each] !== undefined && after[each] !== undefined);
    const of = (results: readonly SimulationResult[]): readonly SimulationResult[] => both.flatMap((each) => results[each] ?? []);
    const behaviour = compareBehaviour(of(before), of(after));
    if (behaviour.changes.length > 0)
      tell({ behaviour, paths: new Map(), patches: new Map(behaviour.changes.map((change) => [change, 0])) });
    compared = performance.now();
  };
}

/**
 * Runs scenarios on a tree before anything is changed in it: what they come to is known then, and the threads have its program at
 * hand. Never rejects.
 */
export async function warmUp(
  runner: Runner,
  scenarios: readonly Scenario[],
  tree: TreeSource,
  { signal, onResult }: { readonly signal: AbortSignal; readonly onResult: RunListHandling['onResult'] },
): Promise<void> {
  const list = runsOn(tree, scenarios);
  const [results = []] = await runner.runEach([list], { signal, onResult });
  if (results.some(({ known }) => known === undefined)) return;
  const sequential = scenarios.filter((scenario) => boundsFor(scenario) === sequentialBounds);
  const runs = runner.runAll(tree, sequential, { bounds: sequentialBounds, counterexamples: false }, { signal });
  while ((await runs.next()).done !== true) if (signal.aborted) break;
  await runs.return();
}

function runsOn(tree: TreeSource, scenarios: readonly Scenario[]): RunList {
  const runs = scenarios.map((scenario) => {
    return { scenario, settings: { bounds: boundsFor(scenario), counterexamples: false } };
  });
  return { tree, runs };
}

function boundsFor({ steps }: Scenario): Bounds {
  return steps.some(({ kind }) => kind === 'parallel') ? parallelBounds : sequentialBounds;
}

/** Of many scenarios with the same error the shortest one gets a counterexample; errors that both trees show get none. */
async function withShortestCounterexamples(
  runner: Runner,
  trees: readonly [TreeSource, TreeSource],
  results: readonly [readonly SimulationResult[], readonly SimulationResult[]],
  { signal }: SeriesHandling,
): Promise<SimulationResult[][]> {
  const { fixed, introduced } = differingErrors(...results);
  const chosen = [shortestOf(results[0], fixed), shortestOf(results[1], introduced)].map((met) => new Set(met));
  const wanted = results.map((of, at) =>
    of.flatMap((result) => (result.unexplained ?? []).filter((met) => chosen[at]?.has(met)).map((met) => ({ met, bounds: result.bounds }))),
  );
  const lists = trees.map((tree, at) => ({ tree, met: wanted[at] ?? [] }));
  const made = await runner.counterexamplesOf(lists, signal);
  return results.map((of, at) => {
    const explained = new Map(wanted[at]?.map(({ met }, index) => [met, made[at]?.[index]]));
    return of.map((result) => {
      const { unexplained = [] } = result;
      const own = unexplained.flatMap((met) => explained.get(met) ?? []);
      if (own.length === 0) return result;
      const counterexamples = [...result.counterexamples, ...own].sort(bySize);
      return { ...result, counterexamples, unexplained: unexplained.filter((met) => !explained.has(met)) };
    });
  });
}

function shortestOf(results: readonly SimulationResult[], wanted: ReadonlySet<string>): Iterable<MetError> {
  const shortest = new Map<string, MetError>();
  for (const met of results.flatMap(errorsIn)) {
    const known = shortest.get(met.error.id);
    if (wanted.has(met.error.id) && (!known || bySize(met, known) < 0)) shortest.set(met.error.id, met);
  }
  return shortest.values();
}

async function pathsOf(
  runner: Runner,
  tree: TreeSource,
  scenarios: readonly Scenario[],
  changes: readonly ChangedBehaviour[],
  { signal }: SeriesHandling,
): Promise<ReadonlyMap<ChangedBehaviour, ChangePath>> {
  const given = changes.flatMap((change) => {
    const scenario = scenarios.find(({ name }) => name === change.scenario);
    return scenario === undefined ? [] : [{ change, scenario, schedule: change.schedule }];
  });
  const traces = await runner.traces(tree, given, signal);
  const paths = new Map<ChangedBehaviour, ChangePath>();
  for (const [at, { change }] of given.entries()) {
    const trace = traces[at];
    if (trace?.ok === true) paths.set(change, changePath(trace.value, change));
  }
  return paths;
}

/** The first tree of the series that shows each error and each change. */
async function patchesOf(
  runner: Runner,
  scenarios: readonly Scenario[],
  trees: readonly TreeSource[],
  { introduced, changes, base }: BehaviourReview,
  handling: SeriesHandling,
): Promise<ReadonlyMap<ShortestError | ChangedBehaviour, number>> {
  const patches = new Map<ShortestError | ChangedBehaviour, number>();
  const left = new Set<ShortestError | ChangedBehaviour>([...introduced, ...changes.filter(({ follows }) => !follows)]);
  const lastPatch = trees.length - 2;
  let before = trees[0];
  for (const [patch, tree] of trees.slice(1, -1).entries()) {
    const same = before !== undefined && !touchesSubsystem(before, tree);
    before = tree;
    if (same || left.size === 0) continue;
    const wanted = new Set([...left].map(({ scenario }) => scenario));
    const some = scenarios.filter(({ name }) => wanted.has(name));
    const [results = []] = await runner.runEach([runsOn(tree, some)], { signal: handling.signal });
    const compared = compareBehaviour(
      base.filter(({ scenario }) => wanted.has(scenario.name)),
      results,
    );
    const errors = errorIds(results);
    for (const each of left) {
      if ('counterexample' in each ? !errors.has(each.counterexample.error.id) : !shows(compared, each)) continue;
      patches.set(each, patch);
      left.delete(each);
    }
  }
  for (const each of left) patches.set(each, lastPatch);
  return patches;
}

function shows({ changes }: BehaviourReview, what: ChangedBehaviour): boolean {
  return changes.some(
    ({ operation, before, after, held }) =>
      operation === what.operation &&
      before.answer === what.before.answer &&
      after.answer === what.after.answer &&
      (before.answer !== after.answer || what.held.every((each) => held.some((other) => JSON.stringify(other) === JSON.stringify(each)))),
  );
}
