// C's operators as generated code calls them: by name, each for one type, quick where both operands are small numbers. What is not
// quick is worked out by `arithmetic.ts`, which they agree with.
import type { Value } from '../../kernel/intrinsics/machine.js';
import type { BinaryOperator } from '../../syntax/ast.js';
import { compute, convert, long, truth, unsignedLong, type IntegerType } from './arithmetic.js';

const largest = 9007199254740991;
const unsignedInt: IntegerType = { bits: 32, signed: false };
const int: IntegerType = { bits: 32, signed: true };

const powers = Array.from({ length: 64 }, (_, at) => 2 ** at);

function exactly(operator: BinaryOperator, left: Value, right: Value, type: IntegerType): Value {
  return compute(operator, left, right, type) ?? NaN;
}

/** By name; the operands of each are in its type, or indeterminate. */
export const operators = {
  // ---- conversions ---------------------------------------------------------------------------------------------------
  toS8: (value: Value): Value => convert(value, { bits: 8, signed: true }),
  toU8: (value: Value): Value => convert(value, { bits: 8, signed: false }),
  toS16: (value: Value): Value => convert(value, { bits: 16, signed: true }),
  toU16: (value: Value): Value => convert(value, { bits: 16, signed: false }),
  toS32: (value: Value): Value => (typeof value === 'number' && value === (value | 0) ? value : convert(value, int)),
  toU32: (value: Value): Value => (typeof value === 'number' && value >= 0 && value <= 0xffffffff ? value : convert(value, unsignedInt)),
  toS64: (value: Value): Value => (typeof value === 'number' ? value : convert(value, long)),
  toU64: (value: Value): Value => (typeof value === 'number' && value >= 0 ? value : convert(value, unsignedLong)),
  toBool: (value: Value): Value => (Number.isNaN(value) ? value : truth(value) ? 1 : 0),

  // ---- comparisons, of any type --------------------------------------------------------------------------------------
  // A value that is no value is not equal to itself.
  eq: (a: Value, b: Value): number => (a === b ? 1 : Number.isNaN(a) || Number.isNaN(b) ? NaN : 0),
  ne: (a: Value, b: Value): number => (a === b ? 0 : Number.isNaN(a) || Number.isNaN(b) ? NaN : 1),
  lt: (a: Value, b: Value): number => (a < b ? 1 : Number.isNaN(a) || Number.isNaN(b) ? NaN : 0),
  gt: (a: Value, b: Value): number => (a > b ? 1 : Number.isNaN(a) || Number.isNaN(b) ? NaN : 0),
  le: (a: Value, b: Value): number => (a <= b ? 1 : Number.isNaN(a) || Number.isNaN(b) ? NaN : 0),
  ge: (a: Value, b: Value): number => (a >= b ? 1 : Number.isNaN(a) || Number.isNaN(b) ? NaN : 0),
  not: (value: Value): Value => (Number.isNaN(value) ? value : truth(value) ? 0 : 1),

  // ---- int and unsigned int, whose values are numbers -----------------------------------------------------------------
  addS32: (a: number, b: number): Value => (a + b === ((a + b) | 0) ? a + b : exactly('+', a, b, int)),
  subS32: (a: number, b: number): Value => (a - b === ((a - b) | 0) ? a - b : exactly('-', a, b, int)),
  mulS32: (a: number, b: number): Value => (a * b === ((a * b) | 0) ? (a * b) | 0 : exactly('*', a, b, int)),
  andS32: (a: number, b: number): Value => (Number.isNaN(a) || Number.isNaN(b) ? exactly('&', a, b, int) : a & b),
  orS32: (a: number, b: number): Value => (Number.isNaN(a) || Number.isNaN(b) ? NaN : a | b),
  xorS32: (a: number, b: number): Value => (Number.isNaN(a) || Number.isNaN(b) ? NaN : a ^ b),
  shlS32: (a: number, b: Value): Value => (typeof b !== 'number' || Number.isNaN(a) || Number.isNaN(b) ? exactly('<<', a, b, int) : a << b),
  shrS32: (a: number, b: Value): Value => (typeof b !== 'number' || Number.isNaN(a) || Number.isNaN(b) ? exactly('>>', a, b, int) : a >> b),
  addU32: (a: number, b: number): Value => (a + b <= 0xffffffff ? a + b : exactly('+', a, b, unsignedInt)),
  subU32: (a: number, b: number): Value => (a >= b ? a - b : exactly('-', a, b, unsignedInt)),
  mulU32: (a: number, b: number): Value => (a * b <= 0xffffffff ? a * b : exactly('*', a, b, unsignedInt)),
  andU32: (a: number, b: number): Value => (Number.isNaN(a) || Number.isNaN(b) ? exactly('&', a, b, unsignedInt) : (a & b) >>> 0),
  orU32: (a: number, b: number): Value => (Number.isNaN(a) || Number.isNaN(b) ? NaN : (a | b) >>> 0),
  xorU32: (a: number, b: number): Value => (Number.isNaN(a) || Number.isNaN(b) ? NaN : (a ^ b) >>> 0),
  shlU32: (a: number, b: Value): Value =>
    typeof b !== 'number' || Number.isNaN(a) || Number.isNaN(b) ? exactly('<<', a, b, unsignedInt) : (a << b) >>> 0,
  shrU32: (a: number, b: Value): Value =>
    typeof b !== 'number' || Number.isNaN(a) || Number.isNaN(b) ? exactly('>>', a, b, unsignedInt) : a >>> b,

  // ---- long and unsigned long ------------------------------------------------------------------------------------------
  addS64: (a: Value, b: Value): Value => {
    if (typeof a === 'number' && typeof b === 'number' && a + b <= largest && a + b >= -largest) return a + b;
    return exactly('+', a, b, long);
  },
  subS64: (a: Value, b: Value): Value => {
    if (typeof a === 'number' && typeof b === 'number' && a - b <= largest && a - b >= -largest) return a - b;
    return exactly('-', a, b, long);
  },
  mulS64: (a: Value, b: Value): Value => {
    if (typeof a === 'number' && typeof b === 'number' && a * b <= largest && a * b >= -largest) return a * b + 0;
    return exactly('*', a, b, long);
  },
  andS64: (a: Value, b: Value): Value => (isSmall(a) && isSmall(b) ? a & b : exactly('&', a, b, long)),
  orS64: (a: Value, b: Value): Value => (isSmall(a) && isSmall(b) ? a | b : exactly('|', a, b, long)),
  xorS64: (a: Value, b: Value): Value => (isSmall(a) && isSmall(b) ? a ^ b : exactly('^', a, b, long)),
  shlS64: (a: Value, b: Value): Value => shiftedLeft(a, b, long),
  shrS64: (a: Value, b: Value): Value => shiftedRight(a, b, long),
  addU64: (a: Value, b: Value): Value => {
    if (typeof a === 'number' && typeof b === 'number' && a + b <= largest) return a + b;
    return exactly('+', a, b, unsignedLong);
  },
  subU64: (a: Value, b: Value): Value => {
    if (typeof a === 'number' && typeof b === 'number' && a >= b) return a - b;
    return exactly('-', a, b, unsignedLong);
  },
  mulU64: (a: Value, b: Value): Value => {
    if (typeof a === 'number' && typeof b === 'number' && a * b <= largest) return a * b;
    return exactly('*', a, b, unsignedLong);
  },
  andU64: (a: Value, b: Value): Value => (isSmall(a) && isSmall(b) ? a & b : exactly('&', a, b, unsignedLong)),
  orU64: (a: Value, b: Value): Value => (isSmall(a) && isSmall(b) ? a | b : exactly('|', a, b, unsignedLong)),
  xorU64: (a: Value, b: Value): Value => (isSmall(a) && isSmall(b) ? a ^ b : exactly('^', a, b, unsignedLong)),
  shlU64: (a: Value, b: Value): Value => shiftedLeft(a, b, unsignedLong),
  shrU64: (a: Value, b: Value): Value => shiftedRight(a, b, unsignedLong),

  // ---- the rest --------------------------------------------------------------------------------------------------------
  convert,
  compute,
  /** An address and bytes from there. */
  plus: (address: Value, bytes: Value): Value => {
    if (typeof address === 'number' && typeof bytes === 'number') return address + bytes;
    if (Number.isNaN(address) || Number.isNaN(bytes)) return NaN;
    return convert(BigInt(address) + BigInt(bytes), long);
  },
  /** Bytes of so many elements. */
  times: (count: Value, size: number): Value => (typeof count === 'number' ? count * size : convert(count * BigInt(size), long)),
} as const;

export type OperatorName = keyof typeof operators;

function isSmall(value: Value): value is number {
  return typeof value === 'number' && value === (value | 0);
}

function shiftedLeft(a: Value, b: Value, type: IntegerType): Value {
  if (typeof a === 'number' && typeof b === 'number' && b >= 0 && b < 64) {
    const shifted = a * (powers[b] ?? NaN);
    if (shifted <= largest && shifted >= -largest) return shifted;
  }
  return exactly('<<', a, b, type);
}

function shiftedRight(a: Value, b: Value, type: IntegerType): Value {
  if (typeof a === 'number' && typeof b === 'number' && b >= 0 && b < 64 && !Number.isNaN(a)) return Math.floor(a / (powers[b] ?? NaN));
  return exactly('>>', a, b, type);
}

const names: Partial<Record<BinaryOperator, string>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '>': 'gt',
  '<=': 'le',
  '>=': 'ge',
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'shl',
  '>>': 'shr',
};

function suffixOf({ bits, signed }: IntegerType): string {
  return `${signed ? 'S' : 'U'}${bits}`;
}

/** The function that computes a binary operator on operands of a type; null where none is made for it. */
export function operatorNamed(operator: BinaryOperator, type: IntegerType): OperatorName | null {
  const name = names[operator];
  if (name === undefined) return null;
  for (const each of [name, `${name}${suffixOf(type)}`]) if (Object.hasOwn(operators, each)) return each as OperatorName;
  return null;
}

/** The function that converts to a type; null where none is made for it. */
export function conversionNamed(type: IntegerType): OperatorName | null {
  const name = `to${suffixOf(type)}`;
  return Object.hasOwn(operators, name) ? (name as OperatorName) : null;
}

/** Every value of one type is one of the other. */
export function holdsAll(from: IntegerType, to: IntegerType): boolean {
  return from.signed === to.signed ? from.bits <= to.bits : !from.signed && from.bits < to.bits;
}
