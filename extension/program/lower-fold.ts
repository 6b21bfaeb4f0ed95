// Which pure expressions are decided by literals, constants and options alone.
import type { BinaryOperator } from '../syntax/ast.js';
import type { PureExpression } from './graph.js';

/** The value of an expression made of constants only, with the arithmetic of unbounded integers; else undefined. */
export function constantOf(value: PureExpression): bigint | undefined {
  switch (value.kind) {
    case 'constant':
      return value.value;
    case 'sizeof':
      return value.value ?? undefined;
    case 'unary': {
      const operand = constantOf(value.operand);
      if (operand === undefined) return undefined;
      if (value.operator === '!') return operand === 0n ? 1n : 0n;
      if (value.operator === '~') return ~operand;
      return value.operator === '-' ? -operand : operand;
    }
    case 'binary': {
      const left = constantOf(value.left);
      const right = left === undefined ? undefined : constantOf(value.right);
      return left === undefined || right === undefined ? undefined : arithmetic(value.operator, left, right);
    }
    case 'cast': {
      const operand = constantOf(value.operand);
      if (operand === undefined || value.type.kind !== 'integer') return operand;
      return value.type.signed ? BigInt.asIntN(value.type.bits, operand) : BigInt.asUintN(value.type.bits, operand);
    }
    default:
      return undefined;
  }
}

export function arithmetic(operator: BinaryOperator, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0n ? undefined : left / right;
    case '%':
      return right === 0n ? undefined : left % right;
    case '<<':
      return right < 0n || right > 127n ? undefined : left << right;
    case '>>':
      return right < 0n || right > 127n ? undefined : left >> right;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '==':
      return left === right ? 1n : 0n;
    case '!=':
      return left === right ? 0n : 1n;
    case '<':
      return left < right ? 1n : 0n;
    case '>':
      return left > right ? 1n : 0n;
    case '<=':
      return left <= right ? 1n : 0n;
    case '>=':
      return left >= right ? 1n : 0n;
  }
}
