// How far a run goes; apart from the simulator, so that who only hands bounds on does not load it.

export interface Bounds {
  /** Fallible calls that may fail on one path. */
  readonly faults: number;
  /** Switches away from a thread that could go on; null for any number. */
  readonly preemptions: number | null;
  readonly executions: number;
  readonly milliseconds: number;
}

export const defaultBounds: Bounds = { faults: 1, preemptions: null, executions: 200_000, milliseconds: 60_000 };
