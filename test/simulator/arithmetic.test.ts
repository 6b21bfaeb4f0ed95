// Integers of C against the same in unbounded integers, cut to the width afterwards.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Value } from '../../extension/kernel/intrinsics/machine.js';
import { common, compute, convert, isIndeterminate, normal, truth, type IntegerType } from '../../extension/simulator/code/arithmetic.js';
import type { BinaryOperator } from '../../extension/syntax/ast.js';

const width = fc.constantFrom(1, 3, 8, 16, 20, 31, 32, 40, 64);
const type: fc.Arbitrary<IntegerType> = fc.record({ bits: width, signed: fc.boolean() });
const wide: fc.Arbitrary<IntegerType> = fc.record({ bits: fc.constantFrom(32, 64), signed: fc.boolean() });
const edges = [7n, 8n, 15n, 16n, 31n, 32n, 52n, 53n, 63n, 64n].flatMap((bits) => [2n ** bits - 1n, 2n ** bits, 2n ** bits + 1n]);
const whole = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 1n, -1n, ...edges, ...edges.map((each) => -each)).filter((each) => each >= -(2n ** 63n) && each < 2n ** 64n),
  fc.bigInt({ min: -300n, max: 300n }),
);

function cut(value: bigint, { bits, signed }: IntegerType): bigint {
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

const exact: Readonly<Record<BinaryOperator, (a: bigint, b: bigint, bits: number) => bigint | null>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0n ? null : a / b),
  '%': (a, b) => (b === 0n ? null : a % b),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b, bits) => a << (b & BigInt(bits - 1)),
  '>>': (a, b, bits) => a >> (b & BigInt(bits - 1)),
  '==': (a, b) => (a === b ? 1n : 0n),
  '!=': (a, b) => (a !== b ? 1n : 0n),
  '<': (a, b) => (a < b ? 1n : 0n),
  '>': (a, b) => (a > b ? 1n : 0n),
  '<=': (a, b) => (a <= b ? 1n : 0n),
  '>=': (a, b) => (a >= b ? 1n : 0n),
};

/** A value has one form: a number where that is exact, and never -0. */
function expectForm(value: Value): void {
  if (typeof value === 'number') expect(Number.isSafeInteger(value) && !Object.is(value, -0)).toBe(true);
  else expect(value > 9007199254740991n || value < -9007199254740991n).toBe(true);
}

describe('integers of C', () => {
  test('are converted modulo their width', () => {
    fc.assert(
      fc.property(whole, type, (value, to) => {
        const result = convert(normal(value), to);
        expectForm(result);
        expect(BigInt(result)).toBe(cut(value, to));
      }),
      { numRuns: 1000 },
    );
  });

  test('are computed as unbounded ones are and cut to their width', () => {
    fc.assert(
      fc.property(whole, whole, wide, fc.constantFrom(...(Object.keys(exact) as BinaryOperator[])), (a, b, to, operator) => {
        const left = cut(a, to);
        const right = cut(b, to);
        const expected = exact[operator](left, right, to.bits);
        const result = compute(operator, normal(left), normal(right), to);
        if (expected === null || result === null) expect(result).toBe(expected);
        else {
          expectForm(result);
          expect(BigInt(result)).toBe(cut(expected, to));
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('that have no value yet give none, but through a mask of 0', () => {
    fc.assert(
      fc.property(whole, wide, fc.constantFrom(...(Object.keys(exact) as BinaryOperator[])), fc.boolean(), (a, to, operator, first) => {
        const value = normal(cut(a, to));
        const result = compute(operator, first ? NaN : value, first ? value : NaN, to) ?? 0;
        if (operator === '&' && value === 0) expect(result).toBe(0);
        else expect(isIndeterminate(result)).toBe(true);
        expect(isIndeterminate(convert(NaN, to))).toBe(true);
      }),
    );
  });

  test('meet in the wider type, at least an int, unsigned where that is no narrower', () => {
    const named = (bits: number, signed: boolean): IntegerType => ({ bits, signed });
    expect(common(named(8, false), named(16, true))).toEqual(named(32, true));
    expect(common(named(32, false), named(32, true))).toEqual(named(32, false));
    expect(common(named(32, false), named(64, true))).toEqual(named(64, true));
    expect(common(named(64, true), named(64, false))).toEqual(named(64, false));
    fc.assert(
      fc.property(wide, wide, (a, b) => {
        expect(common(a, b)).toEqual(common(b, a));
      }),
    );
  });

  test('are true where they are not 0', () => {
    expect([0, 1, -1, 2n ** 60n].map((value) => truth(value))).toEqual([false, true, true, true]);
  });
});
