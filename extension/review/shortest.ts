// The shortest counterexample of each different error over many scenarios.
import type { Counterexample, SimulationResult } from '../model/simulation.js';

export interface ShortestError {
  readonly counterexample: Counterexample;
  readonly scenario: string;
  /** Scenarios that show the same error. */
  readonly times: number;
}

/** One counterexample for each different error: with the fewest operations, then faults, then preemptions. */
export function shortestById(results: readonly SimulationResult[]): readonly ShortestError[] {
  const shortest = new Map<string, ShortestError>();
  for (const { scenario, counterexamples } of results) {
    for (const counterexample of counterexamples) {
      const { id } = counterexample.error;
      const known = shortest.get(id);
      const times = (known?.times ?? 0) + 1;
      if (known && compareSize(known.counterexample, counterexample) <= 0) shortest.set(id, { ...known, times });
      else shortest.set(id, { counterexample, scenario: scenario.name, times });
    }
  }
  return [...shortest.values()].sort((a, b) => compareSize(a.counterexample, b.counterexample));
}

/** Fewest operations first, then faults, then preemptions. */
function compareSize(a: Counterexample, b: Counterexample): number {
  return operationCount(a) - operationCount(b) || a.faults - b.faults || a.preemptions - b.preemptions;
}

/** Operations of the scenario that a counterexample was shrunk to. */
export function operationCount({ scenario }: Counterexample): number {
  return scenario.steps.reduce((sum, step) => sum + (step.kind === 'operation' ? 1 : step.branches.flat().length), 0);
}
