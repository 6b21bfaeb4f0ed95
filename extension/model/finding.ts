// What a check or a review says: findings with their paths, what was not analysed, and the figures of a run.
import type { LineNumber, Span } from './source.js';

export const ruleIds = [
  'leak',
  'double-put',
  'use-after-put',
  'put-not-owned',
  'unchecked-acquire',
  'direct-free',
  'ladder-label',
  'ladder-return',
  'ladder-order',
  'stale-errno',
  'dead-default',
  'null-deref',
  'refcount-as-state',
  'transfer-mismatch',
] as const;

export type RuleId = (typeof ruleIds)[number];

/** How a patch changed a finding; a plain check says `unchanged` for all. */
export type FindingStatus = 'introduced' | 'fixed' | 'unchanged';

/** One step of the path that leads to a finding. */
export interface TraceStep {
  readonly file: string;
  /** 1-based. */
  readonly line: LineNumber;
  readonly span: Span;
  readonly message: string;
}

export interface Finding {
  /** Stable while lines shift and words change: made of rule, function and facts about the flaw. */
  readonly id: string;
  readonly rule: RuleId;
  readonly status: FindingStatus;
  readonly file: string;
  readonly function: string;
  /** 1-based line of `span.start`. */
  readonly line: LineNumber;
  readonly span: Span;
  readonly message: string;
  /** The tag of the record that it is about (`fuse_backing`); absent where it is about none, or that is not known. */
  readonly object?: string;
  /** From the acquisition to the loss, in execution order. */
  readonly trace: readonly TraceStep[];
}

/** A function (or, with an empty `function`, a whole file) that was not analysed, and why. */
export interface NotAnalysed {
  readonly file: string;
  readonly function: string;
  readonly reason: string;
}

export interface CheckStats {
  readonly files: number;
  readonly functions: number;
  /** Functions left out, as listed in `notAnalysed`. */
  readonly notAnalysed: number;
  /** Abstract states visited. */
  readonly states: number;
  /** Functions whose states were merged because of the bound; their conditions are weaker. */
  readonly merged: number;
  /** Callees with neither a body nor a contract, which were taken to own nothing, most called first. */
  readonly assumedCallees: readonly { readonly name: string; readonly calls: number }[];
  /** Options whose value neither the tree's Kconfig nor the user stated. */
  readonly assumedOptions: readonly { readonly name: string; readonly value: boolean }[];
  /** Findings silenced by a baseline file or an allow comment. */
  readonly suppressed: number;
  readonly milliseconds: number;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly notAnalysed: readonly NotAnalysed[];
  readonly stats: CheckStats;
}
