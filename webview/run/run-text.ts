// A run in words: for the header, for screen readers and for mails.
import { counted, grouped } from '../../extension/model/plural.js';
import { underText, type Behaviour, type Counterexample, type SimulationResult } from '../../extension/model/simulation.js';

/** `812 ms`, `3.4 s`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The size of a counterexample: `5 operations, 0 faults, 0 preemptions`. */
export function sizeText({ trace, faults, preemptions }: Counterexample): string {
  return [counted(trace.operations.length, 'operation'), counted(faults, 'fault'), counted(preemptions, 'preemption')].join(', ');
}

/** What was run, as the bounds say it: `at most 1 fault, any number of preemptions`. */
export function boundsText({ bounds }: SimulationResult): string {
  const preemptions = bounds.preemptions === null ? 'any number of preemptions' : `at most ${counted(bounds.preemptions, 'preemption')}`;
  return `at most ${counted(bounds.faults, 'fault')}, ${preemptions}`;
}

/** `1,204 paths, 5,310 states, 14,018 transitions, 2,210 pruned, 812 ms` */
export function statsText({ stats }: SimulationResult): string {
  const parts = [
    counted(stats.executions, 'path'),
    counted(stats.states, 'state'),
    counted(stats.transitions, 'transition'),
    `${grouped(stats.pruned)} pruned`,
  ];
  return `${parts.join(', ')}, ${duration(stats.milliseconds)}`;
}

/** A behaviour on both trees; null where that tree's run never came there. */
export interface BehaviourPair {
  readonly operation: string;
  readonly under: string;
  readonly base: Behaviour | null;
  readonly run: Behaviour | null;
  readonly differs: boolean;
}

/** The behaviours of a run beside those of its base, in the order of the run; `differs` is false where there is no base. */
export function behaviourPairs(run: readonly Behaviour[], base: readonly Behaviour[] | null): readonly BehaviourPair[] {
  const name = ({ operation, line, faults }: Behaviour): string => JSON.stringify([operation, line, faults]);
  const saying = ({ answer, held }: Behaviour): string => JSON.stringify([answer, held]);
  const before = new Map((base ?? []).map((behaviour) => [name(behaviour), behaviour]));
  const pairs = run.map((behaviour): BehaviourPair => {
    const other = before.get(name(behaviour)) ?? null;
    before.delete(name(behaviour));
    const differs = base !== null && (other === null || saying(other) !== saying(behaviour));
    return { operation: behaviour.operation, under: underText(behaviour.faults), base: other, run: behaviour, differs };
  });
  for (const left of before.values())
    pairs.push({ operation: left.operation, under: underText(left.faults), base: left, run: null, differs: true });
  return pairs;
}
