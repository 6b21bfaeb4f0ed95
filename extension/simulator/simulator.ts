// Runs scenarios on a program: what everybody outside this folder uses.
import type { Scenario, Vocabulary } from '../model/scenario.js';
import type { Counterexample, SimulationResult } from '../model/simulation.js';
import type { Program } from '../program/program.js';

export interface Bounds {
  /** Fallible calls that may fail on one path. */
  readonly faults: number;
  /** Switches away from a thread that could go on; null for any number. */
  readonly preemptions: number | null;
  readonly executions: number;
  readonly milliseconds: number;
}

export const defaultBounds: Bounds = { faults: 1, preemptions: null, executions: 200_000, milliseconds: 60_000 };

export interface RunOptions {
  readonly bounds: Bounds;
  /** Stop at the first counterexample, which is a shortest one. */
  readonly first?: boolean;
  /** Asked now and then; true ends the run, which keeps what it found. */
  readonly cancelled?: () => boolean;
  readonly progress?: (done: { readonly executions: number; readonly states: number; readonly errors: number }) => void;
}

export interface Simulator {
  /** Never throws for what the tree or the scenario holds: what can't be run is `not run` with the reason. */
  run(scenario: Scenario, options: RunOptions): SimulationResult;
  /** The path of a schedule, told in full: a counterexample, or the reason why the schedule does not fit the tree. */
  replay(scenario: Scenario, schedule: string): Counterexample | string;
}

/** `program` is to be loaded with the runtime's headers as its prelude (runtime.ts). */
export function createSimulator(program: Program, vocabulary: Vocabulary, label: string): Simulator {
  void program;
  void vocabulary;
  void label;
  throw new Error('not there yet');
}
