// The result of a scenario that could not be run.
import type { Scenario } from '../model/scenario.js';
import type { SimulationResult } from '../model/simulation.js';
import type { Bounds } from '../simulator/simulator.js';

export function notRun(scenario: Scenario, tree: string, bounds: Bounds, reason: string): SimulationResult {
  return {
    scenario,
    tree,
    verdict: 'not run',
    reason,
    counterexamples: [],
    behaviours: [],
    assumed: [],
    stats: { executions: 0, states: 0, transitions: 0, pruned: 0, milliseconds: 0 },
    bounds: { ...bounds, exhaustive: false, stopped: reason },
  };
}
