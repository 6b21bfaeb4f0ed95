// A series simulated: the bundled scenarios on the tree before it and with it, and which of its patches brings what changed.
import type { Finding } from '../model/finding.js';
import type { Scenario } from '../model/scenario.js';
import type { SimulationResult } from '../model/simulation.js';
import type { TreeSource } from '../model/source.js';
import { headersRead } from '../program/headers.js';
import { compareBehaviour, type BehaviourReview, type ChangedBehaviour } from '../review/behaviour.js';
import { causesOf, changePath, type Cause, type ChangePath } from '../review/causes.js';
import type { ShortestError } from '../review/shortest.js';
import { defaultBounds, type Bounds } from '../simulator/bounds.js';
import type { Runner } from './runner.js';

/** One fault on a path; where threads run beside each other no fault and one preemption, so that a review takes seconds. */
const sequentialBounds: Bounds = { ...defaultBounds, faults: 1, milliseconds: 10_000 };
const parallelBounds: Bounds = { ...defaultBounds, faults: 0, preemptions: 1, milliseconds: 10_000 };

/** Paths of changes that are followed in full: what explains more changes than these is told without. */
const followed = 60;

export interface SeriesSimulation {
  readonly behaviour: BehaviourReview;
  /** The 0-based patch that brings an error or a change. */
  readonly patches: ReadonlyMap<ShortestError | ChangedBehaviour, number>;
  readonly paths: ReadonlyMap<ChangedBehaviour, ChangePath>;
}

export interface SeriesHandling {
  /** Ends the run soon; what did not run is said to be not run. */
  readonly signal?: AbortSignal;
  readonly onResult?: (result: SimulationResult) => void;
}

/** Scenarios that a simulation of a series runs, on both trees together. */
export function seriesRuns(scenarios: readonly Scenario[]): number {
  return 2 * scenarios.length;
}

/** Whether a simulation reads a file that differs between two trees of a series. */
export function touchesSubsystem(base: TreeSource, patched: TreeSource): boolean {
  const paths = new Set([...Object.keys(base.files), ...Object.keys(patched.files)]);
  return [...paths].some(
    (path) => (path.startsWith(`${base.folder}/`) || headersRead.includes(path)) && base.files[path] !== patched.files[path],
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
  const before = await all(runner, base, scenarios, handling);
  const behaviour = compareBehaviour(before, await all(runner, last, scenarios, handling));
  const told = behaviour.changes.filter(({ follows }) => !follows);
  const paths = await pathsOf(runner, last, scenarios, told.slice(0, followed), handling);
  return { behaviour, paths, patches: await patchesOf(runner, scenarios, trees, behaviour, handling) };
}

/** The causes of what a series introduces; `patchOf` says it of a finding, `simulation` of all else. */
export function seriesCauses(
  findings: readonly Finding[],
  patchOf: (finding: Finding) => number | null,
  simulation: SeriesSimulation | null,
): readonly Cause[] {
  return causesOf({
    findings,
    errors: simulation?.behaviour.introduced ?? [],
    changes: simulation?.behaviour.changes.filter(({ follows }) => !follows) ?? [],
    paths: simulation?.paths ?? new Map(),
    patchOf: (what) => ('rule' in what ? patchOf(what) : (simulation?.patches.get(what) ?? null)),
  });
}

function all(
  runner: Runner,
  tree: TreeSource,
  scenarios: readonly Scenario[],
  { signal, onResult }: SeriesHandling,
): Promise<SimulationResult[]> {
  const run = async (scenario: Scenario): Promise<SimulationResult> => {
    const bounds = scenario.steps.some(({ kind }) => kind === 'parallel') ? parallelBounds : sequentialBounds;
    const result = await runner.run(tree, scenario, { bounds }, signal === undefined ? {} : { signal });
    onResult?.(result);
    return result;
  };
  return Promise.all(scenarios.map(run));
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
      const trace = scenario === undefined ? '' : await runner.trace(tree, scenario, change.schedule, signal);
      if (typeof trace !== 'string') paths.set(change, changePath(trace, change));
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
    for (const each of left) {
      if (!shows(compared, each)) continue;
      patches.set(each, patch);
      left.delete(each);
    }
  }
  for (const each of left) patches.set(each, lastPatch);
  return patches;
}

function shows({ introduced, changes }: BehaviourReview, what: ShortestError | ChangedBehaviour): boolean {
  if ('counterexample' in what) return introduced.some(({ counterexample }) => counterexample.error.id === what.counterexample.error.id);
  return changes.some(
    ({ operation, before, after, held }) =>
      operation === what.operation &&
      before.answer === what.before.answer &&
      after.answer === what.after.answer &&
      (before.answer !== after.answer || what.held.every((each) => held.some((other) => JSON.stringify(other) === JSON.stringify(each)))),
  );
}
