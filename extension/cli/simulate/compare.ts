// The bundled scenarios on a tree and on the tree with a series applied.
import type { SourceTree } from '../../model/source.js';
import type { Patch } from '../../patch/series.js';
import { compareBehaviour, type BehaviourReview } from '../../review/behaviour.js';
import type { Runner } from '../../runner/runner.js';
import { readInstalledRuntime } from '../../runner/runtime.js';
import type { Scenario } from '../../model/scenario.js';
import type { SimulationResult } from '../../model/simulation.js';
import { defaultBounds, type Bounds } from '../../simulator/bounds.js';
import type { Io } from '../io.js';
import { patched, sourceOf } from './source.js';
import { Status } from './status.js';

/** One fault on a path; where threads run beside each other no fault and one preemption, so that a review takes seconds. */
const sequential: Bounds = { ...defaultBounds, faults: 1, milliseconds: 10_000 };
const parallel: Bounds = { ...defaultBounds, faults: 0, preemptions: 1, milliseconds: 10_000 };

/** What the series changes of the behaviour, or the reason why that was not found out. */
export async function simulateSeries(
  tree: SourceTree,
  folder: string,
  patches: readonly Patch[],
  config: ReadonlyMap<string, boolean>,
  io: Io,
): Promise<BehaviourReview | string> {
  const runtime = readInstalledRuntime(io.model);
  const broken = runtime.problems.find(({ severity }) => severity === 'error');
  if (broken) return `the scenarios cannot be read: ${broken.where}: ${broken.message}`;
  const base = sourceOf(tree, folder, config);
  const after = patched(base, tree, patches);
  if ('problems' in after) return 'a part of the series does not apply';
  const runner = io.runner();
  const status = new Status(io, 2 * runtime.scenarios.length);
  try {
    const before = await all(runner, base, runtime.scenarios, status, io);
    return compareBehaviour(before, await all(runner, after, runtime.scenarios, status, io));
  } finally {
    status.clear();
    await runner.dispose();
  }
}

async function all(
  runner: Runner,
  source: Parameters<Runner['run']>[0],
  scenarios: readonly Scenario[],
  status: Status,
  io: Io,
): Promise<SimulationResult[]> {
  const handling = io.interrupted === undefined ? {} : { signal: io.interrupted };
  const run = async (scenario: Scenario): Promise<SimulationResult> => {
    const bounds = scenario.steps.some(({ kind }) => kind === 'parallel') ? parallel : sequential;
    const result = await runner.run(source, scenario, { bounds }, handling);
    status.add(result);
    return result;
  };
  return Promise.all(scenarios.map(run));
}
