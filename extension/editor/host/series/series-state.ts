// An open series: where it came from, its last review, and how far its simulation is.
import type { Progress } from '../../../model/progress.js';
import type { SeriesSimulation } from '../../../review/series-causes.js';
import type { SeriesSource, ShownReview } from '../../protocol/messages.js';

export type SimulationState =
  /** Runs, or is about to: then `total` is 0. `soFar` are changes that are known already. */
  | { readonly kind: 'running'; readonly done: number; readonly total: number; readonly soFar?: SeriesSimulation | undefined }
  | { readonly kind: 'done'; readonly simulation: SeriesSimulation }
  /** `asked`: the user wants none. */
  | { readonly kind: 'none'; readonly reason: string; readonly asked: boolean };

export const toBeSimulated: SimulationState = { kind: 'running', done: 0, total: 0 };

export interface SeriesState {
  readonly id: string;
  readonly source: SeriesSource;
  readonly root: string;
  readonly running: boolean;
  /** How far the review that runs is; absent where nothing is known of it. */
  readonly progress?: Progress | undefined;
  /** The last review; it stays while the next one is worked out. */
  readonly review: ShownReview | undefined;
  /** Of that review. */
  readonly simulation: SimulationState;
  /** Somebody typed in what it is made of, and that is not reviewed yet. */
  readonly edited: boolean;
  /** The review of what was typed, which is shown with its simulation. */
  readonly upcoming: ShownReview | undefined;
  /** What is shown has been that of an earlier text for a while. */
  readonly behind: boolean;
  readonly failure: string | undefined;
}

/** Nothing runs for it, and nothing newer is to come. */
export const atRest = {
  running: false,
  progress: undefined,
  edited: false,
  upcoming: undefined,
  behind: false,
  failure: undefined,
} as const;

/** What a review changes: it is shown at once, but for one of what was typed, so that nothing goes and comes back with its simulation. */
export function reviewed({ review: shown }: SeriesState, review: ShownReview, typed: boolean): Partial<SeriesState> {
  const together = typed && shown !== undefined && review.patches.length > 0;
  return together ? { upcoming: review, edited: false } : { ...atRest, review, simulation: toBeSimulated };
}

/** What the simulation of a review changes; null for nothing, as where the review is not wanted any more. */
export function simulated(state: SeriesState, review: ShownReview, simulation: SimulationState): Partial<SeriesState> | null {
  if (state.edited) return null;
  if (state.upcoming === undefined) return state.review === review ? { simulation } : null;
  if (state.upcoming !== review) return null;
  const shows = simulation.kind !== 'running' || (simulation.soFar !== undefined && (state.behind || !showsErrors(state)));
  return shows ? { ...atRest, review, simulation } : null;
}

/** Errors are told last: what shows some is not replaced by what does not yet. */
function showsErrors({ simulation }: SeriesState): boolean {
  return simulation.kind === 'done' && simulation.simulation.behaviour.introduced.length > 0;
}

/** The review of what was typed is shown, though its simulation takes longer; null where there is none. */
export function waitedFor({ upcoming }: SeriesState): Partial<SeriesState> | null {
  return upcoming === undefined ? null : { ...atRest, review: upcoming, simulation: toBeSimulated };
}
