// An open series: where it came from, its last review, and how far its simulation is.
import type { Progress } from '../../model/progress.js';
import type { SeriesSimulation } from '../../review/series-causes.js';
import type { SeriesSource, ShownReview } from '../messages.js';

export type SimulationState =
  /** Runs, or is about to: then `total` is 0. */
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
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
  readonly failure: string | undefined;
}
