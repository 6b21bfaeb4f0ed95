// What the simulation of a series showed, and the causes of all that the series introduces.
import type { Finding } from '../model/finding.js';
import type { BehaviourReview, ChangedBehaviour } from './behaviour.js';
import { causesOf, type Cause, type ChangePath } from './causes.js';
import type { ShortestError } from './shortest.js';

export interface SeriesSimulation {
  readonly behaviour: BehaviourReview;
  /** The 0-based patch that brings an error or a change. */
  readonly patches: ReadonlyMap<ShortestError | ChangedBehaviour, number>;
  readonly paths: ReadonlyMap<ChangedBehaviour, ChangePath>;
}

/** The causes of what a series introduces; `patchOf` says it of a finding, `simulation` of all else. */
export function seriesCauses(
  findings: readonly Finding[],
  patchOf: (finding: Finding) => number | null,
  simulation: SeriesSimulation | null,
): readonly Cause[] {
  return causesOf({
    findings,
    errors: simulation?.behaviour.introduced ?? [],
    changes: simulation?.behaviour.changes.filter(({ follows }) => !follows) ?? [],
    paths: simulation?.paths ?? new Map(),
    patchOf: (what) => ('rule' in what ? patchOf(what) : (simulation?.patches.get(what) ?? null)),
  });
}
