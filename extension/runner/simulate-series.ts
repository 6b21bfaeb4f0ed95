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
import type { Runner } from './runner.js';

/** One fault on a path; where threads run beside each other no fault and one preemption, so that a review takes seconds. */
const sequentialBounds: Bounds = { ...defaultBounds, faults: 1, milliseconds: 10_000 };
const parallelBounds: Bounds = { ...defaultBounds, faults: 0, preemptions: 1, milliseconds: 10_000 };

/** Paths of changes that are followed in full: what explains more changes than these is told without. */
const followed = 60;

export interface SeriesHandling {
  /** Ends the run soon; what did not run is said to be not run. */
  readonly signal?: AbortSignal;
  readonly onResult?: (result: SimulationResult) => void;
}

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
  const met = await Promise.all([all(runner, base, scenarios, handling), all(runner, last, scenarios, handling)]);
  const { fixed, introduced } = differingErrors(...met);
  const [before, after] = await Promise.all([
    withShortestCounterexamples(runner, base, met[0], fixed, handling),
    withShortestCounterexamples(runner, last, met[1], introduced, handling),
  ]);
  const behaviour = compareBehaviour(before, after);
  const independent = behaviour.changes.filter(({ follows }) => !follows);
  const paths = await pathsOf(runner, last, scenarios, independent.slice(0, followed), handling);
  return { behaviour, paths, patches: await patchesOf(runner, scenarios, trees, behaviour, handling) };
}

function all(
  runner: Runner,
  tree: TreeSource,
  scenarios: readonly Scenario[],
  { signal, onResult }: SeriesHandling,
): Promise<SimulationResult[]> {
  const run = async (scenario: Scenario): Promise<SimulationResult> => {
    const bounds = scenario.steps.some(({ kind }) => kind === 'parallel') ? parallelBounds : sequentialBounds;
    const result = await runner.run(tree, scenario, { bounds, counterexamples: false }, signal === undefined ? {} : { signal });
    onResult?.(result);
    return result;
  };
  return Promise.all(scenarios.map(run));
}

/** Of many scenarios with the same error the shortest one gets a counterexample. */
async function withShortestCounterexamples(
  runner: Runner,
  tree: TreeSource,
  results: readonly SimulationResult[],
  wanted: ReadonlySet<string>,
  { signal }: SeriesHandling,
): Promise<SimulationResult[]> {
  const shortest = new Map<string, MetError>();
  for (const met of results.flatMap(errorsIn)) {
    const known = shortest.get(met.error.id);
    if (wanted.has(met.error.id) && (!known || bySize(met, known) < 0)) shortest.set(met.error.id, met);
  }
  const chosen = new Set(shortest.values());
  return Promise.all(
    results.map(async (result) => {
      const { unexplained = [] } = result;
      const wantedHere = unexplained.filter((met) => chosen.has(met));
      if (wantedHere.length === 0) return result;
      const explained = await runner.withCounterexamples(tree, { ...result, unexplained: wantedHere }, signal);
      return { ...explained, unexplained: unexplained.filter((met) => !chosen.has(met)) };
    }),
  );
}

async function pathsOf(
  runner: Runner,
  tree: TreeSource,
  scenarios: readonly Scenario[],
  changes: readonly ChangedBehaviour[],
  { signal }: SeriesHandling,
): Promise<ReadonlyMap<ChangedBehaviour, ChangePath>> {
  const paths = new Map<ChangedBehaviour, ChangePath>();
  await Promise.all(
    changes.map(async (change) => {
      const scenario = scenarios.find(({ name }) => name === change.scenario);
      if (scenario === undefined) return;
      const trace = await runner.trace(tree, scenario, change.schedule, signal);
      if (trace.ok) paths.set(change, changePath(trace.value, change));
    }),
  );
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
    const results = await all(
      runner,
      tree,
      scenarios.filter(({ name }) => wanted.has(name)),
      { ...(handling.signal === undefined ? {} : { signal: handling.signal }) },
    );
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
