// What can go wrong on a path, as the walk sees it. The rules in `rules/` give each violation its name and its words.
import type { Contract, Resource } from '../kernel/contract.js';
import type { RuleId } from '../model/finding.js';
import type { Span } from '../model/source.js';
import type { FunctionGraph } from '../program/graph.js';
import type { ErrnoNote, Release, Token, TraceNode, Untested } from './path-state.js';

/** How a path leaves: the outcome class of the value returned. */
export type ExitClass = 'success' | 'failure' | 'unknown';

interface Fact {
  /** Where it shows. */
  readonly span: Span;
  readonly trace: TraceNode;
  /** The pointer or variable it is about, as written in the source. */
  readonly subject: string;
}

export type Violation =
  | (Fact & {
      readonly kind: 'leak';
      readonly token: Token;
      readonly exit: ExitClass;
      /** The callee that would have consumed the reference, had it succeeded. */
      readonly refusedBy: { readonly callee: string; readonly trace: TraceNode } | null;
    })
  | (Fact & {
      readonly kind: 'over-release';
      readonly resource: Resource;
      readonly callee: string;
      readonly previous: Release | null;
      /** The call that lent the pointer, where it was never owned. */
      readonly borrowedFrom: string | null;
      /** The pointer is a local that nothing was assigned to on this path. */
      readonly uninitialised: boolean;
    })
  /** `returned`: not dereferenced here, but handed to the caller. */
  | (Fact & { readonly kind: 'use-after-release'; readonly release: Release; readonly returned: boolean })
  | (Fact & {
      readonly kind: 'bad-dereference';
      readonly what: 'null' | 'error';
      /** Where the pointer was given NULL; null where a check or a call said what it is. */
      readonly given: TraceNode | null;
      readonly untested: Untested | null;
      /** The callee that dereferences its argument, or null where the function does so itself. */
      readonly passedTo: string | null;
      /** That callee releases the argument. */
      readonly releases: boolean;
    })
  | (Fact & { readonly kind: 'unchecked-store'; readonly untested: Untested })
  | (Fact & {
      readonly kind: 'direct-free';
      readonly callee: string;
      readonly holders: readonly Token[];
      readonly why: 'other-references' | 'in-index' | 'counted' | 'wrong-release';
    })
  | (Fact & { readonly kind: 'count-decides'; readonly callee: string; readonly count: string })
  | (Fact & {
      readonly kind: 'decided';
      readonly always: boolean;
      readonly condition: string;
      readonly reasons: readonly TraceNode[];
      readonly constant: boolean;
    })
  | (Fact & { readonly kind: 'stale-return'; readonly note: ErrnoNote; readonly call: string })
  | (Fact & { readonly kind: 'missing-code'; readonly callee: string; readonly returned: number })
  | (Fact & { readonly kind: 'order'; readonly first: Token; readonly second: Token; readonly label: string });

export interface RuleContext {
  readonly graph: FunctionGraph;
  /** The source text of a span of the function's file, white space folded. */
  text(span: Span): string;
  /** Rungs of the ladder under which the reference is released on some path, in source order. */
  labelsReleasing(token: Token): readonly string[];
  /** The call that a reference is from: `fget()`, or as written where several are lost at one place. */
  acquired(token: Token): string;
  /** What a call to a name means, if anything is known of it. */
  contract(name: string): Contract | undefined;
}

/**
 * What a rule found, as data: it is what a finding is told apart by, and its words are made of it at the end. Plain values without
 * line numbers; what a rule's words leave out today is in it all the same where it tells two findings apart.
 */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** What a rule claims of a violation. */
export interface Claim {
  readonly rule: RuleId;
  readonly facts: Facts;
}

/** One rule: which violations are its own. */
export interface Rule {
  readonly id: RuleId;
  /** null where the violation is another rule's. */
  claims(violation: Violation, context: RuleContext): Claim | null;
  /** Facts that it claimed, as a sentence. */
  words(facts: Facts): string;
}

/** A rule of its two halves: the facts of a violation that is its own, and what it says of such facts. */
export function ruleOf<F extends Facts>(
  id: RuleId,
  factsOf: (violation: Violation, context: RuleContext) => F | null,
  words: (facts: F) => string,
): Rule {
  return {
    id,
    claims(violation, context) {
      const facts = factsOf(violation, context);
      return facts && { rule: id, facts };
    },
    words: (facts) => words(facts as F),
  };
}
