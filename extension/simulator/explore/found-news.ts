// What a thread that helps to search a scenario finds out, as the one that leads is told of it: plain data.
import type { MissingAnswer } from '../../model/missing.js';
import type { Assumption, DataRace, MetError, SimulatedOutcome } from '../../model/simulation.js';
import type { Unread } from '../machine/simulated-machine.js';

export type FoundNews =
  | { readonly kind: 'error'; readonly met: MetError }
  | { readonly kind: 'outcome'; readonly key: string; readonly outcome: SimulatedOutcome }
  | { readonly kind: 'missing'; readonly index: number; readonly missing: MissingAnswer | null }
  | { readonly kind: 'data race'; readonly key: string; readonly race: DataRace }
  | HelperLeft;

/** It helps no more: what it came by on the way, which others may not have. */
export interface HelperLeft {
  readonly kind: 'left';
  /** Functions that it entered, by file and name. */
  readonly entered: readonly (readonly [file: string, name: string])[];
  readonly assumed: readonly Assumption[];
  readonly unread: readonly (readonly [name: string, why: Unread])[];
  readonly transitions: number;
  readonly pruned: number;
  /** States of its program are those of everybody's. */
  readonly isAlike: boolean;
}
