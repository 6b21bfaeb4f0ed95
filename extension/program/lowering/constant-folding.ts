// Which pure expressions are decided by literals, constants and options alone.
import type { BinaryOperator, CType } from '../../syntax/ast.js';
import type { PlaceExpression, PureExpression } from '../graph.js';
import { charType, commonType, intType, longType, promotedType, unsignedLongType, type IntegerType } from '../types.js';

/** The value of an expression made of constants only, in the types that C computes it in, which `integerOf` knows; else undefined. */
export function constantOf(value: PureExpression, integerOf: (type: CType) => IntegerType | undefined): bigint | undefined {
  return folded(value, integerOf)?.value;
}

/** Whether a value is made of constants and of sizes alone, which who lays types out can work out. */
export function isConstant(value: PureExpression): boolean {
  switch (value.kind) {
    case 'constant':
    case 'sizeof':
      return true;
    case 'unary':
    case 'cast':
      return isConstant(value.operand);
    case 'binary':
      return isConstant(value.left) && isConstant(value.right);
    case 'address':
      return isConstantPlace(value.place);
    default:
      return false;
  }
}

/** Whether a place is a part of what lies at a number: `((struct x *)0)->member`. */
function isConstantPlace(place: PlaceExpression): boolean {
  switch (place.kind) {
    case 'deref':
      return isConstant(place.pointer);
    case 'field':
      return isConstantPlace(place.base);
    case 'index':
      return isConstantPlace(place.base) && isConstant(place.index);
    default:
      return false;
  }
}

interface Folded {
  readonly value: bigint;
  readonly type: IntegerType;
}

function folded(e: PureExpression, integerOf: (type: CType) => IntegerType | undefined): Folded | undefined {
  switch (e.kind) {
    case 'constant':
      return { value: e.value, type: e.type?.kind === 'integer' ? e.type : intType };
    case 'sizeof':
      return e.value === null ? undefined : { value: e.value, type: unsignedLongType };
    case 'unary': {
      const operand = folded(e.operand, integerOf);
      if (!operand) return undefined;
      const { value } = operand;
      if (e.operator === '!') return { value: value === 0n ? 1n : 0n, type: intType };
      return converted(e.operator === '~' ? ~value : e.operator === '-' ? -value : value, promotedType(operand.type));
    }
    case 'binary': {
      const left = folded(e.left, integerOf);
      const right = left && folded(e.right, integerOf);
      if (!right) return undefined;
      const shift = e.operator === '<<' || e.operator === '>>';
      const type = shift ? promotedType(left.type) : commonType(left.type, right.type);
      const value = arithmetic(e.operator, converted(left.value, type).value, shift ? right.value : converted(right.value, type).value);
      if (value === undefined) return undefined;
      return comparisons.has(e.operator) ? { value, type: intType } : converted(value, type);
    }
    case 'cast': {
      const operand = folded(e.operand, integerOf);
      if (!operand) return undefined;
      if (e.type.kind === 'boolean') return { value: operand.value === 0n ? 0n : 1n, type: charType };
      const type = integerOf(e.type);
      if (type) return converted(operand.value, type);
      // A type whose width is not known may cut what is not small.
      if (e.type.kind !== 'pointer' && (operand.value < 0n || operand.value > 127n)) return undefined;
      return { value: operand.value, type: longType };
    }
    default:
      return undefined;
  }
}

function converted(value: bigint, type: IntegerType): Folded {
  return { value: type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value), type };
}

const comparisons: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '>', '<=', '>=']);

/** With the arithmetic of unbounded integers; undefined where C defines no result. */
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
