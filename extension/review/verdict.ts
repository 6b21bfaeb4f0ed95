// What a review comes to, for the whole and for each patch: what is introduced, and what could not be looked at.
import type { NotAnalysed } from '../model/finding.js';
import type { InputProblem } from '../model/problem.js';
import type { Result } from '../model/result.js';
import type { Review } from '../model/review.js';
import type { SimulationResult } from '../model/simulation.js';
import { attribution, passingFindings } from './attribution.js';
import type { BehaviourReview } from './behaviour.js';
import type { Cause } from './causes.js';

/** A part of what was asked for that was not looked at. Without gaps, silence is a claim about the whole. */
export type Gap =
  | { readonly kind: 'half applied'; readonly patch: number; readonly applied: number; readonly hunks: number }
  /** A part of the input other than hunks that was left out: a file, an attachment. */
  | { readonly kind: 'left out'; readonly patch: number | null; readonly parts: number }
  /** The series touches nothing of the subsystem. */
  | { readonly kind: 'outside'; readonly folder: string }
  | { readonly kind: 'not analysed'; readonly patch: number | null; readonly functions: readonly NotAnalysed[] }
  | { readonly kind: 'not simulated'; readonly reason: string }
  /** It still runs. */
  | { readonly kind: 'simulating' }
  | { readonly kind: 'not run'; readonly scenarios: number; readonly reason: string }
  | { readonly kind: 'not exhaustive'; readonly scenarios: number; readonly reason: string };

export interface PatchVerdict {
  /** 0-based; null for what no single patch is known to bring. */
  readonly patch: number | null;
  /** Worst first. */
  readonly causes: readonly Cause[];
  /** Findings that it introduces and a later patch fixes again: gone in the end, yet there when someone bisects. */
  readonly passing: number;
  /** Findings from before that it fixes. */
  readonly fixed: number;
  readonly gaps: readonly Gap[];
}

export interface Verdict {
  /** `found`: something is introduced. `incomplete`: nothing was, but not all could be looked at. */
  readonly kind: 'clean' | 'behaviour' | 'found' | 'incomplete';
  /** One for each patch in order, then one without a patch where something belongs to none. */
  readonly patches: readonly PatchVerdict[];
  /** Of the whole. */
  readonly gaps: readonly Gap[];
}

/** Why a simulation was left out, and whether the user asked for that. */
export interface NotSimulated {
  readonly reason: string;
  readonly asked: boolean;
}

/** `behaviour` is null while it is still simulated. */
export function verdictOf(review: Review, causes: readonly Cause[], behaviour: Result<BehaviourReview, NotSimulated> | null): Verdict {
  const passing = passingFindings(review);
  const patches = review.patches.map((_, patch): PatchVerdict => ({
    patch,
    causes: causes.filter((cause) => cause.patch === patch),
    passing: passing.filter(({ from }) => from === patch).length,
    fixed: review.findings.filter((finding) => finding.status === 'fixed' && attribution(review, finding) === patch).length,
    gaps: patchGaps(review, patch),
  }));
  const others = causes.filter(({ patch }) => patch === null);
  const rest: PatchVerdict[] = others.length > 0 ? [{ patch: null, causes: others, passing: 0, fixed: 0, gaps: [] }] : [];
  const gaps = [...wholeGaps(review), ...(review.outside === undefined ? simulationGaps(behaviour) : [])];
  const all = [...patches, ...rest];
  const flaws = all.some((each) => each.causes.some(({ severity }) => severity !== 'behaviour'));
  const incomplete = gaps.length > 0 || all.some((each) => each.gaps.length > 0);
  const changed = all.some((each) => each.causes.length > 0);
  return { kind: flaws ? 'found' : incomplete ? 'incomplete' : changed ? 'behaviour' : 'clean', patches: all, gaps };
}

function patchGaps(review: Review, patch: number): readonly Gap[] {
  const reviewed = review.patches[patch];
  if (reviewed === undefined) return [];
  const hunks = reviewed.files.reduce((sum, file) => sum + file.hunks, 0);
  const applied = reviewed.files.reduce((sum, file) => sum + file.hunksApplied, 0);
  const gaps: Gap[] = [];
  // What has no text is applied by being there: a rename, a mode, a binary file.
  if (applied < hunks) gaps.push({ kind: 'half applied', patch, applied, hunks });
  const parts = [
    ...reviewed.problems,
    ...reviewed.files.filter((file) => file.hunksApplied === file.hunks).flatMap((file) => file.problems),
  ];
  const errors = parts.filter(isError).length;
  if (errors > 0) gaps.push({ kind: 'left out', patch, parts: errors });
  const paths = new Set(reviewed.files.map(({ path }) => path));
  const functions = review.notAnalysed.filter(({ file }) => paths.has(file));
  if (functions.length > 0) gaps.push({ kind: 'not analysed', patch, functions });
  return gaps;
}

function wholeGaps(review: Review): readonly Gap[] {
  const gaps: Gap[] = [];
  const errors = review.problems.filter(isError).length;
  if (errors > 0) gaps.push({ kind: 'left out', patch: null, parts: errors });
  if (review.outside !== undefined) gaps.push({ kind: 'outside', folder: review.outside });
  return gaps;
}

function simulationGaps(behaviour: Result<BehaviourReview, NotSimulated> | null): readonly Gap[] {
  if (behaviour === null) return [{ kind: 'simulating' }];
  if (!behaviour.ok) return behaviour.failure.asked ? [] : [{ kind: 'not simulated', reason: behaviour.failure.reason }];
  const { results, compared, notRun, stopped } = behaviour.value;
  // What neither tree has the words for is no part of the change; but something has to have run.
  const missing = compared === 0 ? notRun : notRun.filter(({ silent }) => !silent);
  return [
    ...timesByReason(missing).map(([reason, scenarios]): Gap => ({ kind: 'not run', scenarios, reason })),
    ...timesByReason(stopped).map(([reason, scenarios]): Gap => ({ kind: 'not exhaustive', scenarios, reason })),
    ...(results.length === 0 ? [{ kind: 'not simulated', reason: 'there is no scenario' } as const] : []),
  ];
}

/** Gaps of results of a simulation by itself: what was not run, and what was not run to its end. */
export function simulatedGaps(results: readonly SimulationResult[]): readonly Gap[] {
  const reasons = results.map(({ verdict, reason, bounds }) => ({ reason: reason ?? bounds.stopped, run: verdict !== 'not run' }));
  const of = (run: boolean): readonly { readonly reason: string }[] =>
    reasons.flatMap((each) => (each.run === run && each.reason !== null ? [{ reason: each.reason }] : []));
  return [
    ...timesByReason(of(false)).map(([reason, scenarios]): Gap => ({ kind: 'not run', scenarios, reason })),
    ...timesByReason(of(true)).map(([reason, scenarios]): Gap => ({ kind: 'not exhaustive', scenarios, reason })),
  ];
}

function timesByReason(list: readonly { readonly reason: string }[]): readonly (readonly [string, number])[] {
  const times = new Map<string, number>();
  for (const { reason } of list) times.set(reason, (times.get(reason) ?? 0) + 1);
  return [...times];
}

function isError({ severity }: InputProblem): boolean {
  return severity === 'error';
}
