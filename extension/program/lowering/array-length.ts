// Lengths of arrays within functions: what hangs on the function's own names becomes what file scope can work out.
import type { Expression } from '../../syntax/ast.js';
import type { PureExpression } from '../graph.js';
import { lowerValue } from './expression.js';
import type { Lowering } from './lowering.js';
import { constantIn } from './value-types.js';

/** A length that says the same without the function's names. Fails where the length is known only when the function runs. */
export function settledLength(l: Lowering, length: Expression): Expression {
  if (length.kind === 'number') return length;
  if (readsLocal(l, length)) l.fail(length.span, 'an array whose length is not constant is not laid out');
  const value = l.attempt(() => l.builder.unevaluated(() => lowerValue(l, length)));
  const settled = value && expressionOf(l, value);
  return settled ?? length;
}

/** The value of an expression that names nothing of the function, as at file scope; else undefined. */
export function fileConstant(l: Lowering, e: Expression): bigint | undefined {
  return readsLocal(l, e) ? undefined : l.context.valueOf(e);
}

/** Whether the value of a local is asked for: the operand of a sizeof is not evaluated. */
function readsLocal(l: Lowering, e: Expression): boolean {
  switch (e.kind) {
    case 'identifier': {
      const variable = l.lookup(e.name);
      return variable !== undefined;
    }
    case 'unary':
    case 'cast':
    case 'update':
      return readsLocal(l, e.operand);
    case 'binary':
    case 'logical':
    case 'comma':
      return readsLocal(l, e.left) || readsLocal(l, e.right);
    case 'conditional':
      return [e.condition, e.then, e.else].some((part) => part !== null && readsLocal(l, part));
    case 'field':
    case 'index':
      return readsLocal(l, e.base);
    // What a macro makes of its arguments is not known here.
    default:
      return false;
  }
}

/** A value made of constants and sizes as it would be written at file scope; undefined for any other. */
function expressionOf(l: Lowering, value: PureExpression): Expression | undefined {
  const { span } = value;
  const known = constantIn(l, value);
  if (known !== undefined) return { kind: 'number', value: known, unsigned: false, long: false, text: String(known), span };
  switch (value.kind) {
    case 'sizeof':
      if (value.type === null) return undefined;
      return value.of === 'offset'
        ? { kind: 'offsetof', type: value.type, member: value.member ?? '', span }
        : { kind: 'sizeof', operand: value.type, ofType: true, alignment: value.of === 'alignment', span };
    case 'unary': {
      const operand = expressionOf(l, value.operand);
      return operand && { kind: 'unary', operator: value.operator, operand, span };
    }
    case 'binary': {
      const left = expressionOf(l, value.left);
      const right = left && expressionOf(l, value.right);
      return right && { kind: 'binary', operator: value.operator, left, right, span };
    }
    case 'cast': {
      const operand = expressionOf(l, value.operand);
      return operand && { kind: 'cast', type: value.type, operand, span };
    }
    default:
      return undefined;
  }
}
