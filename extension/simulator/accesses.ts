// Which memory the code of a function uses: what of its own lives there, and what others may have as well.
import type { FunctionGraph, PlaceExpression, PureExpression } from '../program/graph.js';
import type { Expressions } from './expressions.js';

/** Memory that other threads may have: anything but locals. */
export function isShared(place: PlaceExpression, graph: FunctionGraph): boolean {
  switch (place.kind) {
    case 'variable':
      return graph.variables[place.variable]?.kind === 'static';
    case 'global':
    case 'deref':
      return true;
    case 'field':
    case 'index':
      return isShared(place.base, graph);
  }
}

/** Whether shared memory is read to evaluate an expression. */
export function readsShared(e: PureExpression, graph: FunctionGraph): boolean {
  switch (e.kind) {
    case 'variable':
    case 'global':
    case 'deref':
    case 'field':
    case 'index':
      return isShared(e, graph) || readsOnTheWay(e, graph);
    case 'address':
      return readsOnTheWay(e.place, graph);
    case 'unary':
    case 'cast':
      return readsShared(e.operand, graph);
    case 'binary':
      return readsShared(e.left, graph) || readsShared(e.right, graph);
    case 'container-of':
      return readsShared(e.pointer, graph);
    default:
      return false;
  }
}

/** Whether it is read to find a place. */
function readsOnTheWay(place: PlaceExpression, graph: FunctionGraph): boolean {
  if (place.kind === 'field') return readsOnTheWay(place.base, graph);
  if (place.kind === 'index') return readsShared(place.index, graph) || readsOnTheWay(place.base, graph);
  return place.kind === 'deref' && readsShared(place.pointer, graph);
}

/** Variables that can't be kept in a slot: no scalars, or their address is taken. */
export function memoryVariables(graph: FunctionGraph, expressions: Expressions): ReadonlySet<number> {
  const found = new Set<number>();
  for (const variable of graph.variables)
    if (variable.kind === 'static' || expressions.aggregateSize(variable.type) !== undefined) found.add(variable.id);
  const root = (place: PlaceExpression): void => {
    if (place.kind === 'variable') found.add(place.variable);
    else if (place.kind === 'field' || place.kind === 'index') root(place.base);
  };
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null && 'kind' in node) {
      const each = node as { kind: string; place?: PlaceExpression };
      if (each.kind === 'address' && each.place) root(each.place);
      for (const [key, value] of Object.entries(node)) if (key !== 'span' && key !== 'type' && typeof value === 'object') walk(value);
    } else if (typeof node === 'object' && node !== null)
      for (const value of Object.values(node)) if (typeof value === 'object') walk(value);
  };
  for (const block of graph.blocks) {
    walk(block.instructions);
    walk(block.terminator);
  }
  return found;
}
