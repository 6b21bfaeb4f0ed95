// Which memory an expression uses: what of a function's own lives there, and what other threads may have as well.
import type { FunctionGraph, PlaceExpression, VariableId } from './graph.js';

/** The variable at the root of a place that is no more than a part of it; undefined for memory behind a pointer or of file scope. */
function rootOf(place: PlaceExpression): VariableId | undefined {
  if (place.kind === 'variable') return place.variable;
  return place.kind === 'field' || place.kind === 'index' ? rootOf(place.base) : undefined;
}

/** The locals of a function whose address is taken: others may be given it. */
export function addressTaken(graph: FunctionGraph): ReadonlySet<VariableId> {
  const found = new Set<VariableId>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) return node.forEach(walk);
    const each = node as { readonly kind?: string; readonly place?: PlaceExpression };
    const root = each.kind === 'address' && each.place ? rootOf(each.place) : undefined;
    if (root !== undefined) found.add(root);
    for (const [key, value] of Object.entries(node)) if (key !== 'span' && key !== 'type') walk(value);
  };
  for (const block of graph.blocks) {
    walk(block.instructions);
    walk(block.terminator);
  }
  return found;
}

/** Memory that other threads may have: anything but locals of which nobody takes the address. */
export function isShared(place: PlaceExpression, graph: FunctionGraph, taken: ReadonlySet<VariableId>): boolean {
  switch (place.kind) {
    case 'variable':
      return graph.variables[place.variable]?.kind === 'static' || taken.has(place.variable);
    case 'global':
    case 'deref':
      return true;
    case 'field':
    case 'index':
      return isShared(place.base, graph, taken);
  }
}
