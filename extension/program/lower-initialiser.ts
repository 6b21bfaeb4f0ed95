// Initialiser lists: the whole becomes zero, then each stated part is assigned.
import type { Span } from '../model/source.js';
import type { CType, Expression, InitialiserList } from '../syntax/ast.js';
import type { PlaceExpression } from './graph.js';
import { constantOf } from './lower-fold.js';
import { lowerInto, lowerValue, number } from './lower-expression.js';
import type { LowerState } from './lower-state.js';
import { fieldsOf, resolveType, typeOf } from './lower-types.js';

/** Assigns 0 to the whole of `target`, then what the list states. */
export function lowerInitialiser(l: LowerState, target: PlaceExpression, type: CType, list: InitialiserList): void {
  l.assign(target, number(0, list.span), list.span);
  lowerParts(l, target, type, list);
}

function lowerParts(l: LowerState, target: PlaceExpression, type: CType, list: InitialiserList): void {
  let next = 0;
  const resolved = resolveType(l, type);
  const fields = fieldsOf(l, type)?.filter((field) => field.name !== null || fieldsOf(l, field.type) !== undefined);
  for (const entry of list.entries) {
    const span = entry.value.span;
    // `{ 0 }` says no more than `{}`.
    if (list.entries.length === 1 && entry.designators.length === 0 && entry.value.kind === 'number' && entry.value.value === 0n) return;
    let place = target;
    if (entry.designators.length === 0) place = positional(target, resolved, fields, next, span);
    else {
      const first = entry.designators[0];
      if (typeof first === 'string') {
        const at = fields?.findIndex((field) => field.name === first) ?? -1;
        if (at >= 0) next = at;
      } else if (first) next = Number(constantOf(lowerValue(l, first)) ?? next);
      for (const designator of entry.designators) place = designated(l, place, designator, span);
    }
    next++;
    if (entry.value.kind === 'initialiser-list') lowerParts(l, place, typeOf(l, place), entry.value);
    else lowerInto(l, entry.value, place, span);
  }
}

function designated(l: LowerState, base: PlaceExpression, designator: string | Expression, span: Span): PlaceExpression {
  if (typeof designator === 'string') return { kind: 'field', base, name: designator, span };
  return { kind: 'index', base, index: lowerValue(l, designator), span };
}

/** The part at a position. A field of a record that isn't known goes by its position, `#0`. */
function positional(base: PlaceExpression, type: CType, fields: ReturnType<typeof fieldsOf>, at: number, span: Span): PlaceExpression {
  if (type.kind === 'array') return { kind: 'index', base, index: number(at, span), span };
  const name = fields?.[at]?.name;
  if (type.kind !== 'record' && type.kind !== 'named' && type.kind !== 'unknown') return base;
  return { kind: 'field', base, name: name ?? `#${at}`, span };
}
