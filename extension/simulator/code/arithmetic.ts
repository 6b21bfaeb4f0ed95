// C's integer arithmetic (C11 6.3.1, 6.5) on LP64. Values are numbers where they are safe integers, else bigints, always
// in the range of their type; NaN is an indeterminate value, and what is computed from one is one.
import type { Value } from '../../kernel/intrinsics/machine.js';
import { arithmetic } from '../../program/lowering/constant-folding.js';
import type { BinaryOperator } from '../../syntax/ast.js';

export interface IntegerType {
  readonly bits: number;
  readonly signed: boolean;
}

export const int: IntegerType = { bits: 32, signed: true };
export const unsignedLong: IntegerType = { bits: 64, signed: false };
export const long: IntegerType = { bits: 64, signed: true };

const indeterminate = NaN;

export function isIndeterminate(value: Value): boolean {
  return typeof value === 'number' && Number.isNaN(value);
}

/** A bigint as a number where that is exact. */
export function normal(value: bigint): Value {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
}

/** Whether pointer or integer is not 0. An indeterminate value counts as neither; ask before. */
export function truth(value: Value): boolean {
  return typeof value === 'number' ? value !== 0 : value !== 0n;
}

/** The value of the type that is congruent to `value` modulo 2^bits (C11 6.3.1.3; as gcc defines it for signed types). */
export function convert(value: Value, type: IntegerType): Value {
  if (typeof value === 'number') {
    switch (type.bits) {
      case 32:
        if (value >= -0x80000000 && value <= 0x7fffffff) return type.signed || value >= 0 ? value : value + 0x100000000;
        if (value <= 0xffffffff && value >= 0) return type.signed ? value - 0x100000000 : value;
        break;
      case 64:
        if (type.signed || value >= 0 || Number.isNaN(value)) return value;
        break;
      case 1:
      case 8:
      case 16: {
        if (Number.isNaN(value)) return value;
        if (value < -0x80000000 || value > 0x7fffffff) break;
        const shift = 32 - type.bits;
        return type.signed ? (value << shift) >> shift : (value << shift) >>> shift;
      }
    }
    if (Number.isNaN(value)) return value;
  }
  const wide = BigInt(value);
  return normal(type.signed ? BigInt.asIntN(type.bits, wide) : BigInt.asUintN(type.bits, wide));
}

/** The type in which two operands are computed (usual arithmetic conversions). */
export function common(left: IntegerType, right: IntegerType): IntegerType {
  const a = promoted(left);
  const b = promoted(right);
  if (a.bits === b.bits) return a.signed ? b : a;
  return a.bits > b.bits ? a : b;
}

export function promoted(type: IntegerType): IntegerType {
  return type.bits < 32 ? int : type;
}

/** `left operator right`, both converted to `type` before (the left one alone, for a shift). Null for a division by 0. */
export function compute(operator: BinaryOperator, left: Value, right: Value, type: IntegerType): Value | null {
  if (typeof left === 'number' && typeof right === 'number') {
    if (Number.isNaN(left) || Number.isNaN(right)) return ofIndeterminate(operator, left, right);
    const quick = quickly(operator, left, right, type);
    if (quick !== undefined) return quick;
  } else if (isIndeterminate(left) || isIndeterminate(right)) return indeterminate;
  const result = exactly(operator, BigInt(left), BigInt(right), type);
  return result === null ? null : convert(normal(result), type);
}

/** No bit of what has no value comes through a mask of 0, as KMSAN has it too. */
function ofIndeterminate(operator: BinaryOperator, left: number, right: number): Value {
  return operator === '&' && (left === 0 || right === 0) ? 0 : indeterminate;
}

function quickly(operator: BinaryOperator, left: number, right: number, type: IntegerType): Value | null | undefined {
  switch (operator) {
    case '==':
      return left === right ? 1 : 0;
    case '!=':
      return left !== right ? 1 : 0;
    case '<':
      return left < right ? 1 : 0;
    case '>':
      return left > right ? 1 : 0;
    case '<=':
      return left <= right ? 1 : 0;
    case '>=':
      return left >= right ? 1 : 0;
    case '+':
      return within(left + right, type);
    case '-':
      return within(left - right, type);
    case '*':
      return within(left * right, type);
    case '/':
      return right === 0 ? null : within(Math.trunc(left / right), type);
    case '%':
      return right === 0 ? null : within((left % right) + 0, type);
    case '&':
      return small(left, right, type) ? convert(left & right, type) : undefined;
    case '|':
      return small(left, right, type) ? convert(left | right, type) : undefined;
    case '^':
      return small(left, right, type) ? convert(left ^ right, type) : undefined;
    default:
      return undefined;
  }
}

/** JavaScript's operators on 32 bits are exact: the type has no more, or sign extension gives the rest. */
function small(left: number, right: number, type: IntegerType): boolean {
  return type.bits <= 32 || (left >= -0x80000000 && right >= -0x80000000 && left <= 0x7fffffff && right <= 0x7fffffff);
}

function within(value: number, type: IntegerType): Value | undefined {
  return Number.isSafeInteger(value) ? convert(value === 0 ? 0 : value, type) : undefined;
}

function exactly(operator: BinaryOperator, left: bigint, right: bigint, type: IntegerType): bigint | null {
  // A shift by the width or more is undefined in C; x86 takes the count modulo the register's.
  const count = operator === '<<' || operator === '>>' ? right & (type.bits > 32 ? 63n : 31n) : right;
  return arithmetic(operator, left, count) ?? null;
}
