// An open series: where it came from, its last review, and how far its simulation is.
import type { SeriesSimulation } from '../../runner/series.js';
import type { SeriesSource, ShownReview } from '../messages.js';

export type SimulationState =
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly simulation: SeriesSimulation }
  /** `asked`: the user wants none. */
  | { readonly kind: 'none'; readonly reason: string; readonly asked: boolean };

export const notSimulated: SimulationState = { kind: 'none', reason: 'not begun', asked: true };

export interface SeriesState {
  readonly id: string;
  readonly source: SeriesSource;
  readonly root: string;
  readonly running: boolean;
  /** The last review; it stays while the next one is worked out. */
  readonly review: ShownReview | undefined;
  /** Of that review. */
  readonly simulation: SimulationState;
  readonly failure: string | undefined;
}
