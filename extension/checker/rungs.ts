// The rungs of a function's error ladder, and by which of them a path left. A label that is only jumped to from below is
// the head of a loop: to go there is no way out, and what comes after it is no release of its own.
import type { Span } from '../model/source.js';
import type { FunctionGraph } from '../program/graph.js';
import type { TraceNode } from './path-state.js';

export type Label = FunctionGraph['labels'][number];

const known = new WeakMap<FunctionGraph, readonly Label[]>();

/** The labels that are rungs, in source order. */
export function rungsOf(graph: FunctionGraph): readonly Label[] {
  let rungs = known.get(graph);
  if (rungs === undefined) {
    const jumps = graph.blocks.flatMap(({ terminator }) => (terminator.kind === 'goto' && terminator.label !== null ? [terminator] : []));
    rungs = graph.labels.filter((label) => {
      const here = jumps.filter((jump) => jump.label === label.name);
      return here.length === 0 || here.some(({ span }) => span.start < label.span.start);
    });
    known.set(graph, rungs);
  }
  return rungs;
}

/** The rung that a place of the function stands under. */
export function rungAt(graph: FunctionGraph, span: Span): Label | undefined {
  return rungsOf(graph)
    .filter((label) => label.span.start <= span.start)
    .pop();
}

/** The label above that a step jumps back to; undefined for every other step. */
function backTo(graph: FunctionGraph, node: TraceNode): Label | undefined {
  const { event, span: from } = node;
  return event.kind === 'goto' ? graph.labels.find(({ name, span }) => name === event.label && span.start <= from.start) : undefined;
}

/** The labels further down that a path jumped to since a step, first to last. */
export function labelsSince(graph: FunctionGraph, trace: TraceNode, since: TraceNode | null): readonly string[] {
  const labels: string[] = [];
  for (let node: TraceNode | null = trace; node !== null && node !== since; node = node.previous)
    if (node.event.kind === 'goto' && backTo(graph, node) === undefined) labels.unshift(node.event.label);
  return labels;
}

/** A jump on a path; `down` into the ladder, or back. */
export interface Jump {
  readonly label: string;
  readonly span: Span;
  readonly down: boolean;
}

/**
 * The jump by which a path gave up what it acquired in step `since`: back to before that, where it is acquired anew, or else
 * the last one into the ladder. null where it just returned.
 */
export function wayOut(graph: FunctionGraph, trace: TraceNode, since: TraceNode | null): Jump | null {
  let last: Jump | null = null;
  let again: Jump | null = null;
  for (let node: TraceNode | null = trace; node !== null && node !== since; node = node.previous) {
    const { event, span } = node;
    if (event.kind !== 'goto') continue;
    const head = backTo(graph, node);
    if (head === undefined) last ??= { label: event.label, span, down: true };
    else if (since !== null && head.span.start <= since.span.start) again = { label: event.label, span, down: false };
  }
  return again ?? last;
}
