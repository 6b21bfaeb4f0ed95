// What a review says of a series: each patch, each file in it, and the findings before and after.
import type { CheckResult, Finding } from './finding.js';
import type { InputProblem } from './problem.js';

export interface ReviewedFile {
  /** Path after the patch (before it, for a deletion), relative to the tree's root. */
  readonly path: string;
  readonly oldPath: string;
  readonly change: 'modified' | 'added' | 'deleted' | 'renamed' | 'binary' | 'mode';
  /** Hunks that applied of how many; a hunk that did not is in `problems`. */
  readonly hunksApplied: number;
  readonly hunks: number;
  readonly problems: readonly InputProblem[];
}

export interface ReviewedPatch {
  /** The file or commit that it came from. */
  readonly source: string;
  readonly subject: string;
  readonly author: string;
  /** As in the mail's header; empty where there is none. */
  readonly date: string;
  readonly messageId: string;
  readonly files: readonly ReviewedFile[];
  /** Against the tree with the patches before this one applied. */
  readonly findings: readonly Finding[];
  readonly problems: readonly InputProblem[];
}

/** `findings` (of CheckResult) compare the whole series with the base. */
export interface Review extends CheckResult {
  readonly patches: readonly ReviewedPatch[];
  readonly problems: readonly InputProblem[];
  /** The subsystem's folder, where the series touches nothing of it; absent where it does. */
  readonly outside?: string;
  /** Every file that the series touches: its text before and after, null where it does not exist. */
  readonly files: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[];
}
