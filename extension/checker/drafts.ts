// Faults to findings in waiting: which rule claims each, where it is told, by what path, and what reads alike.
import type { EffectSite } from '../kernel/contract.js';
import type { RuleId } from '../model/finding.js';
import type { Span } from '../model/source.js';
import type { FunctionGraph } from '../program/graph.js';
import { siteIn } from './effects.js';
import type { PathEvent } from './event.js';
import type { Claim, Facts, Fault, RuleContext } from './fault.js';
import { rules } from './rules/index.js';
import { wayOut } from './rungs.js';
import type { Token, TraceNode } from './state.js';

/** A finding before it has a number of its own. */
export interface Draft {
  readonly rule: RuleId;
  /** What it is told apart by. */
  readonly facts: Facts;
  /** The finding holds only if dropping this count to 0 destroys the object somewhere in the program. */
  readonly count: string | null;
  /** The facts as a sentence. */
  readonly words: () => string;
  /** The tag of the record that the fault is about; empty where that is not known. */
  readonly object: string;
  /** Places are told from the start of their function, so that a draft outlives the moves of its function. */
  readonly at: EffectSite;
  readonly trace: readonly (EffectSite & { readonly event: PathEvent })[];
}

/** `released`: sites of references that are given up on some path. */
export function draftsOf(
  graph: FunctionGraph,
  faults: readonly Fault[],
  context: RuleContext,
  released: ReadonlySet<string>,
): readonly Draft[] {
  const drafts: (Draft & { readonly fault: Fault })[] = [];
  const putTwice = faults.flatMap((fault) =>
    fault.kind === 'over-release' && fault.previous !== null ? [fault.previous.trace.span.start] : [],
  );
  const lost = new Set<string>();
  for (const fault of faults) {
    // reading after the put is the lesser half of putting twice
    if (fault.kind === 'use-after-release' && putTwice.includes(fault.release.trace.span.start)) continue;
    // a get on an object at hand is often for somebody else; a function that also puts it knows that it owns it
    if (fault.kind === 'leak' && fault.token.taken && !released.has(tokenSite(fault.token))) continue;
    // what is released nowhere is one omission, however many ways out there are
    if (fault.kind === 'leak' && !released.has(tokenSite(fault.token))) {
      if (lost.has(tokenSite(fault.token))) continue;
      lost.add(tokenSite(fault.token));
    }
    const claimed = claimedBy(fault, context);
    if (claimed === null) continue;
    drafts.push({
      ...claimed,
      count: countOf(fault, released),
      object: objectOf(graph, fault),
      at: siteIn(graph, placeOf(graph, fault)),
      trace: traceOf(graph, fault, context),
      fault,
    });
  }
  return toldApart(drafts, context)
    .map(({ fault: _, ...draft }) => draft)
    .sort((a, b) => a.at.span.start - b.at.span.start || (a.rule < b.rule ? -1 : 1));
}

/** What the first rule claims that a fault is one of. */
function claimedBy(fault: Fault, context: RuleContext): Claim | null {
  for (const rule of rules) {
    const claim = rule.claims(fault, context);
    if (claim !== null) return claim;
  }
  return null;
}

/**
 * Of what is the same at one place the shortest path comes first: references that are lost together are told by the calls as they
 * are written, and what is still the same is one omission.
 */
function toldApart<T extends Draft & { readonly fault: Fault }>(drafts: readonly T[], context: RuleContext): T[] {
  const keyOf = ({ rule, at, words }: Pick<Draft, 'rule' | 'at' | 'words'>): string => `${rule} ${at.span.start} ${words()}`;
  const times = new Map<string, number>();
  for (const draft of drafts) times.set(keyOf(draft), (times.get(keyOf(draft)) ?? 0) + 1);
  const written: RuleContext = { ...context, acquired: (token) => context.text(token.trace.span) };
  const told = new Map<string, T>();
  for (const draft of drafts) {
    const several = draft.fault.kind === 'leak' && (times.get(keyOf(draft)) ?? 0) > 1;
    const claim = several ? claimedBy(draft.fault, written) : null;
    const each = claim === null ? draft : { ...draft, words: claim.words };
    if (!told.has(keyOf(each))) told.set(keyOf(each), each);
  }
  return [...told.values()];
}

/** The order in which faults are told where several read alike. */
export function shortestFirst(faults: Iterable<Fault>): readonly Fault[] {
  return [...faults].sort((a, b) => a.trace.length - b.trace.length || a.span.start - b.span.start);
}

/**
 * The count (`tag.field`, or `tag.` for any) that has to be one whose last drop destroys its object, for the fault to be one:
 * what an index held is a reference where the program counts such objects, or where this function gives it up elsewhere.
 */
function countOf(fault: Fault, released: ReadonlySet<string>): string | null {
  if (fault.kind === 'count-decides') return fault.count;
  if (fault.kind !== 'leak' || fault.token.resource !== 'reference' || released.has(tokenSite(fault.token))) return null;
  return fault.token.tag === '' ? '' : `${fault.token.tag}.`;
}

/** The tag of the record that a fault is about: of the reference, of the count, or of what the subject points to. */
function objectOf(graph: FunctionGraph, fault: Fault): string {
  if (fault.kind === 'count-decides') return fault.count.split('.', 1)[0] ?? '';
  const token = fault.kind === 'leak' ? fault.token : fault.kind === 'direct-free' ? fault.holders[0] : undefined;
  if (token !== undefined && token.tag !== '') return token.tag;
  const type = graph.variables.find(({ name }) => name === fault.subject)?.type;
  return type?.kind === 'pointer' && type.to.kind === 'record' ? (type.to.tag ?? '') : '';
}

/** Where a reference was acquired, whichever round of a loop it was in. */
export function tokenSite(token: Token): string {
  return token.id.replace(/\+\d+$/, '');
}

/** Equal keys are one fault seen on several paths. */
export function faultKey(graph: FunctionGraph, fault: Fault): string {
  switch (fault.kind) {
    case 'leak':
      return `leak ${tokenSite(fault.token)} ${placeOf(graph, fault).start}`;
    case 'over-release':
      return `over ${fault.span.start} ${fault.resource} ${fault.previous?.tokenId ?? ''}`;
    case 'use-after-release':
      return `use ${fault.release.trace.span.start} ${fault.release.resource}`;
    case 'unchecked-store':
      return `store ${fault.untested.trace.span.start}`;
    default:
      return `${fault.kind} ${fault.span.start}`;
  }
}

/** Where the editor underlines: the wrong goto rather than the return it ends in. */
function placeOf(graph: FunctionGraph, fault: Fault): Span {
  const jump = fault.kind === 'leak' ? wayOut(graph, fault.trace, fault.token.trace) : null;
  return jump?.span ?? fault.span;
}

/** The path from where the matter begins: the acquisition, the first put, the assignment. */
function traceOf(graph: FunctionGraph, fault: Fault, context: RuleContext): Draft['trace'] {
  const begin = beginOf(fault);
  const nodes: TraceNode[] = [];
  for (let node: TraceNode | null = fault.trace; node !== null; node = node.previous) {
    const { kind } = node.event;
    if (kind !== 'start' && (kind !== 'null' || node === begin)) nodes.unshift(node);
    if (node === begin) break;
  }
  const stepAt = (span: Span, event: PathEvent): Draft['trace'][number] => ({ ...siteIn(graph, span), event });
  if (fault.kind === 'decided') {
    return [
      ...fault.reasons.map((node) => stepAt(node.span, node.event)),
      stepAt(fault.span, { kind: 'decided', condition: fault.condition, always: fault.always }),
    ];
  }
  const steps = nodes.flatMap(({ span, event, inside }) => {
    const step = stepAt(span, event);
    return inside === null || event.kind !== 'call'
      ? [step]
      : [step, { ...inside, event: { kind: 'inside', callee: event.callee } as const }];
  });
  if (fault.kind === 'stale-return') {
    steps.unshift(stepAt(fault.note.assigned, { kind: 'assigned for', statement: context.text(fault.note.assigned) }));
  }
  if (nodes[nodes.length - 1]?.span.start !== fault.span.start)
    steps.push(stepAt(fault.span, { kind: 'here', statement: context.text(fault.span) }));
  return steps;
}

function beginOf(fault: Fault): TraceNode | null {
  switch (fault.kind) {
    case 'leak':
      return fault.token.trace;
    case 'over-release':
      return fault.previous?.acquired ?? fault.previous?.trace ?? null;
    case 'use-after-release':
      return fault.release.acquired ?? fault.release.trace;
    case 'unchecked-store':
      return fault.untested.trace;
    case 'bad-dereference':
      return fault.given ?? fault.untested?.trace ?? null;
    case 'direct-free':
      return fault.holders.map((token) => token.trace).sort((a, b) => a.length - b.length)[0] ?? null;
    case 'stale-return':
      return fault.note.trace;
    case 'count-decides':
      return fault.trace;
    default:
      return null;
  }
}
