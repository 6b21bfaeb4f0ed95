// Violations to findings in waiting: which rule claims each, where it is told, by what path, and what reads alike.
import type { EffectSite } from '../kernel/contract.js';
import type { RuleId } from '../model/finding.js';
import type { Span } from '../model/source.js';
import type { FunctionGraph } from '../program/graph.js';
import { siteIn } from './effects.js';
import type { PathEvent } from './event.js';
import type { Claim, Facts, Violation, RuleContext } from './violation.js';
import { rules, wordsOf } from './rules/index.js';
import { wayOut } from './rungs.js';
import { pointeeTag } from './subjects.js';
import type { Token, TraceNode } from './path-state.js';

/** A finding before it has a number of its own. */
export interface FindingDraft {
  readonly rule: RuleId;
  /** What it is told apart by. */
  readonly facts: Facts;
  /** The finding holds only if dropping this count to 0 destroys the object somewhere in the program. */
  readonly count: string | null;
  /** The facts that are told: the same, unless several findings would read alike. */
  readonly told: Facts;
  /** The tag of the record that the violation is about; empty where that is not known. */
  readonly object: string;
  /** Places are told from the start of their function, so that a draft outlives the moves of its function. */
  readonly at: EffectSite;
  readonly trace: readonly (EffectSite & { readonly event: PathEvent })[];
}

/** `released`: sites of references that are given up on some path. */
export function draftsOf(
  graph: FunctionGraph,
  violations: readonly Violation[],
  context: RuleContext,
  released: ReadonlySet<string>,
): readonly FindingDraft[] {
  const drafts: (FindingDraft & { readonly violation: Violation })[] = [];
  const putTwice = violations.flatMap((violation) =>
    violation.kind === 'over-release' && violation.previous !== null ? [violation.previous.trace.span.start] : [],
  );
  const lost = new Set<string>();
  for (const violation of violations) {
    // reading after the put is the lesser half of putting twice
    if (violation.kind === 'use-after-release' && putTwice.includes(violation.release.trace.span.start)) continue;
    // a get on an object at hand is often for somebody else; a function that also puts it knows that it owns it
    if (violation.kind === 'leak' && violation.token.taken && !released.has(tokenSite(violation.token))) continue;
    // what is released nowhere is one omission, however many ways out there are
    if (violation.kind === 'leak' && !released.has(tokenSite(violation.token))) {
      if (lost.has(tokenSite(violation.token))) continue;
      lost.add(tokenSite(violation.token));
    }
    const claimed = claimedBy(violation, context);
    if (claimed === null) continue;
    drafts.push({
      ...claimed,
      told: claimed.facts,
      count: countOf(violation, released),
      object: objectOf(graph, violation),
      at: siteIn(graph, placeOf(graph, violation)),
      trace: traceOf(graph, violation, context),
      violation,
    });
  }
  return disambiguated(drafts, context)
    .map(({ violation: _, ...draft }) => draft)
    .sort((a, b) => a.at.span.start - b.at.span.start || (a.rule < b.rule ? -1 : 1));
}

/** What the first rule claims that a violation is one of. */
function claimedBy(violation: Violation, context: RuleContext): Claim | null {
  for (const rule of rules) {
    const claim = rule.claims(violation, context);
    if (claim !== null) return claim;
  }
  return null;
}

/**
 * Of what is the same at one place the shortest path comes first: references that are lost together are told by the calls as they
 * are written, and what is still the same is one omission.
 */
function disambiguated<T extends FindingDraft & { readonly violation: Violation }>(drafts: readonly T[], context: RuleContext): T[] {
  const keyOf = ({ rule, at, told }: FindingDraft): string => `${rule} ${at.span.start} ${wordsOf({ rule, facts: told })}`;
  const times = new Map<string, number>();
  for (const draft of drafts) times.set(keyOf(draft), (times.get(keyOf(draft)) ?? 0) + 1);
  const written: RuleContext = { ...context, acquired: (token) => context.text(token.trace.span) };
  const first = new Map<string, T>();
  for (const draft of drafts) {
    const several = draft.violation.kind === 'leak' && (times.get(keyOf(draft)) ?? 0) > 1;
    const claim = several ? claimedBy(draft.violation, written) : null;
    const each = claim === null ? draft : { ...draft, told: claim.facts };
    if (!first.has(keyOf(each))) first.set(keyOf(each), each);
  }
  return [...first.values()];
}

/** The order in which violations are told where several read alike. */
export function shortestFirst(violations: Iterable<Violation>): readonly Violation[] {
  return [...violations].sort((a, b) => a.trace.length - b.trace.length || a.span.start - b.span.start);
}

/**
 * The count (`tag.field`, or `tag.` for any) that has to be one whose last drop destroys its object, for the violation to be one:
 * what an index held is a reference where the program counts such objects, or where this function gives it up elsewhere.
 */
function countOf(violation: Violation, released: ReadonlySet<string>): string | null {
  if (violation.kind === 'count-decides') return violation.count;
  if (violation.kind !== 'leak' || violation.token.resource !== 'reference' || released.has(tokenSite(violation.token))) return null;
  return violation.token.tag === '' ? '' : `${violation.token.tag}.`;
}

/** The tag of the record that a violation is about: of the reference, of the count, or of what the subject points to. */
function objectOf(graph: FunctionGraph, violation: Violation): string {
  const tag = tagOf(violation);
  return tag !== '' ? tag : pointeeTag(graph.variables.find(({ name }) => name === violation.subject)?.type);
}

/** The tag that the violation itself knows; empty where what its subject points to has to say it. */
function tagOf(violation: Violation): string {
  switch (violation.kind) {
    case 'leak':
      return violation.token.tag;
    case 'direct-free':
      return violation.holders[0]?.tag ?? '';
    case 'count-decides':
      return violation.count.split('.', 1)[0] ?? '';
    case 'over-release':
    case 'use-after-release':
    case 'bad-dereference':
    case 'unchecked-store':
    case 'decided':
    case 'stale-return':
    case 'missing-code':
    case 'order':
      return '';
  }
}

/** Where a reference was acquired, whichever round of a loop it was in. */
export function tokenSite(token: Token): string {
  return token.id.replace(/\+\d+$/, '');
}

/** Equal keys are one violation seen on several paths. */
export function violationKey(graph: FunctionGraph, violation: Violation): string {
  switch (violation.kind) {
    case 'leak':
      return `leak ${tokenSite(violation.token)} ${placeOf(graph, violation).start}`;
    case 'over-release':
      return `over ${violation.span.start} ${violation.resource} ${violation.previous?.tokenId ?? ''}`;
    case 'use-after-release':
      return `use ${violation.release.trace.span.start} ${violation.release.resource}`;
    case 'unchecked-store':
      return `store ${violation.untested.trace.span.start}`;
    case 'bad-dereference':
    case 'direct-free':
    case 'count-decides':
    case 'decided':
    case 'stale-return':
    case 'missing-code':
    case 'order':
      return `${violation.kind} ${violation.span.start}`;
  }
}

/** Where the editor underlines: the wrong goto rather than the return it ends in. */
function placeOf(graph: FunctionGraph, violation: Violation): Span {
  const jump = violation.kind === 'leak' ? wayOut(graph, violation.trace, violation.token.trace) : null;
  return jump?.span ?? violation.span;
}

/** The path from where the matter begins: the acquisition, the first put, the assignment. */
function traceOf(graph: FunctionGraph, violation: Violation, context: RuleContext): FindingDraft['trace'] {
  const begin = beginOf(violation);
  const nodes: TraceNode[] = [];
  for (let node: TraceNode | null = violation.trace; node !== null; node = node.previous) {
    const { kind } = node.event;
    if (kind !== 'start' && (kind !== 'null' || node === begin)) nodes.unshift(node);
    if (node === begin) break;
  }
  const stepAt = (span: Span, event: PathEvent): FindingDraft['trace'][number] => ({ ...siteIn(graph, span), event });
  if (violation.kind === 'decided') {
    return [
      ...violation.reasons.map((node) => stepAt(node.span, node.event)),
      stepAt(violation.span, { kind: 'decided', condition: violation.condition, always: violation.always }),
    ];
  }
  const steps = nodes.flatMap(({ span, event, inside }) => {
    const step = stepAt(span, event);
    return inside === null || event.kind !== 'call'
      ? [step]
      : [step, { ...inside, event: { kind: 'inside', callee: event.callee } as const }];
  });
  if (violation.kind === 'stale-return') {
    steps.unshift(stepAt(violation.note.assigned, { kind: 'assigned for', statement: context.text(violation.note.assigned) }));
  }
  if (nodes[nodes.length - 1]?.span.start !== violation.span.start)
    steps.push(stepAt(violation.span, { kind: 'here', statement: context.text(violation.span) }));
  return steps;
}

/** null for the whole way from the start of the function. */
function beginOf(violation: Violation): TraceNode | null {
  switch (violation.kind) {
    case 'leak':
      return violation.token.trace;
    case 'over-release':
      return violation.previous?.acquired ?? violation.previous?.trace ?? null;
    case 'use-after-release':
      return violation.release.acquired ?? violation.release.trace;
    case 'unchecked-store':
      return violation.untested.trace;
    case 'bad-dereference':
      return violation.given ?? violation.untested?.trace ?? null;
    case 'direct-free':
      return violation.holders.map((token) => token.trace).sort((a, b) => a.length - b.length)[0] ?? null;
    case 'stale-return':
      return violation.note.trace;
    case 'count-decides':
      return violation.trace;
    case 'decided':
    case 'missing-code':
    case 'order':
      return null;
  }
}
