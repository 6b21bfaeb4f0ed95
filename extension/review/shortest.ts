// The shortest counterexample of each different error over many scenarios.
import { bySize, errorsIn, type Counterexample, type SimulationResult } from '../model/simulation.js';

export interface ShortestError {
  readonly counterexample: Counterexample;
  readonly scenario: string;
  /** Scenarios that show the same error. */
  readonly times: number;
}

/** One counterexample for each different error that has any: with the fewest operations, then faults, then preemptions. */
export function shortestById(results: readonly SimulationResult[]): readonly ShortestError[] {
  const times = new Map<string, number>();
  for (const { error } of results.flatMap(errorsIn)) times.set(error.id, (times.get(error.id) ?? 0) + 1);
  const shortest = new Map<string, ShortestError>();
  for (const { scenario, counterexamples } of results) {
    for (const counterexample of counterexamples) {
      const { id } = counterexample.error;
      const known = shortest.get(id);
      if (known && bySize(known.counterexample, counterexample) <= 0) continue;
      shortest.set(id, { counterexample, scenario: scenario.name, times: times.get(id) ?? 1 });
    }
  }
  return [...shortest.values()].sort((a, b) => bySize(a.counterexample, b.counterexample));
}
