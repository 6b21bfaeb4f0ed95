// What lowerings of macros have in common: their arguments, and a choice of two values.
import type { PlaceExpression, PureExpression } from '../program/graph.js';
import { nameOf, operand, type CallExpression } from '../program/lowering/call.js';
import { lowerValue } from '../program/lowering/expression.js';
import type { Lowering } from '../program/lowering/lowering.js';
import { typeOf, typeofType } from '../program/lowering/value-types.js';
import { unknownType } from '../program/types.js';
import type { CType } from '../syntax/ast.js';

/** The value of an argument, by its 0-based number. */
export function value(l: Lowering, e: CallExpression, at: number): PureExpression {
  return lowerValue(l, operand(l, e, at));
}

/** The type that an argument is or names; unknown where it is neither. */
export function typeArgument(l: Lowering, e: CallExpression, at: number): CType {
  const argument = e.arguments[at];
  if (argument?.kind === 'type') return typeofType(l, argument.type);
  if (argument?.kind === 'value' && argument.expression.kind === 'identifier') return { kind: 'named', name: argument.expression.name };
  if (argument?.kind === 'value' && argument.expression.kind === 'call') return typeofCall(l, argument.expression);
  return unknownType(argument?.text ?? '');
}

/** `typeof(*x)` may be read as a call to `typeof`. */
function typeofCall(l: Lowering, e: CallExpression): CType {
  const argument = e.arguments[0];
  if (!nameOf(e).includes('typeof') || argument?.kind !== 'value') return unknownType(nameOf(e));
  return l.builder.unevaluated(() => typeOf(l, lowerValue(l, argument.expression)));
}

/** An argument as written; empty where it is missing. */
export function text(e: CallExpression, at: number): string {
  return (e.arguments[at]?.text ?? '').trim();
}

/** Gives `result` one of two values, by a condition; what makes the other is not run. */
export function choose(
  l: Lowering,
  condition: PureExpression,
  result: PlaceExpression,
  then: () => PureExpression,
  otherwise: () => PureExpression,
  e: CallExpression,
): void {
  const yes = l.target();
  const no = l.target();
  const after = l.builder.block();
  l.branch(condition, yes, no, 'conditional', e.span);
  for (const [side, of] of [
    [yes, then],
    [no, otherwise],
  ] as const) {
    l.builder.begin(side.block);
    l.assign(result, of(), e.span);
    l.builder.goto(after, e.span);
  }
  l.builder.begin(after);
}
