// What a list of runs says of each: what it came to, and how long it took. Free of the editor, so that it can be tested.
import type { SimulationResult } from '../../model/simulation.js';
import { executionSummary, executionVerdict, type ExecutionVerdict } from '../execution/outcome.js';
import { summaryOf, verdictOf, type SimulationVerdict } from './outcome.js';
import type { BaseRun, Executed, Simulated } from './webview-messages.js';

export interface RunWords {
  /** The scenario's name. */
  readonly scenario: string;
  readonly verdict: SimulationVerdict | ExecutionVerdict;
  readonly summary: string;
  /** Both sides of a comparison together. */
  readonly milliseconds: number;
}

export function wordsOf(run: Simulated | Executed): RunWords {
  if ('execution' in run) {
    const { execution } = run;
    const { scenario, milliseconds } = execution;
    return { scenario: scenario.name, verdict: executionVerdict(execution), summary: executionSummary(execution), milliseconds };
  }
  const { result, base } = run;
  return {
    scenario: result.scenario.name,
    verdict: verdictOf(result, base?.result ?? null),
    summary: summaryOf(result, base?.result ?? null),
    milliseconds: result.stats.milliseconds + (base?.result.stats.milliseconds ?? 0),
  };
}

/** Another run of the same scenario as the side to compare a run with: errors that both show have their paths beside each other. */
export function besideRun(result: SimulationResult, other: SimulationResult): BaseRun {
  const traces = result.counterexamples.map(
    ({ error }) => other.counterexamples.find((each) => each.error.id === error.id)?.trace ?? 'the other run does not show this error',
  );
  return { result: other, traces };
}
