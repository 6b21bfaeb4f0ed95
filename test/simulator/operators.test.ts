// The operators that generated code calls, against C's arithmetic in full.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compute, convert, normal, truth, type IntegerType } from '../../extension/simulator/code/arithmetic.js';
import { conversionNamed, holdsAll, operatorNamed, operators } from '../../extension/simulator/code/operators.js';
import type { Value } from '../../extension/kernel/intrinsics/machine.js';
import type { BinaryOperator } from '../../extension/syntax/ast.js';

const types: readonly IntegerType[] = [8, 16, 32, 64].flatMap((bits) => [true, false].map((signed) => ({ bits, signed })));
const edges = [0n, 1n, -1n, 31n, 32n, 33n, 63n, 64n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n].flatMap((each) => [
  each,
  each - 1n,
  -each,
]);
const anyValue: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...edges).map(normal) },
  { weight: 4, arbitrary: fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(normal) },
  { weight: 4, arbitrary: fc.integer({ min: -70, max: 70 }) },
  { weight: 1, arbitrary: fc.constant(NaN) },
);
const binary: readonly BinaryOperator[] = ['==', '!=', '<', '>', '<=', '>=', '+', '-', '*', '&', '|', '^', '<<', '>>'];
const named = operators as unknown as Readonly<Record<string, (...values: readonly Value[]) => Value>>;

test('convert as C does', () => {
  fc.assert(
    fc.property(fc.constantFrom(...types), anyValue, (type, value) => {
      const name = conversionNamed(type);
      expect(name).not.toBeNull();
      expect(named[name ?? '']?.(value)).toBe(convert(value, type));
    }),
    { numRuns: 3000 },
  );
});

test('compute as C does, where there is one for the type', () => {
  fc.assert(
    fc.property(fc.constantFrom(...binary), fc.constantFrom(...types.slice(4)), anyValue, anyValue, (operator, type, a, b) => {
      const name = operatorNamed(operator, type);
      expect(name).not.toBeNull();
      const [left, right] = [convert(a, type), convert(b, type)];
      const comparison = ['==', '!=', '<', '>', '<=', '>='].includes(operator);
      const expected = compute(operator, left, right, comparison ? { bits: 32, signed: true } : type);
      // What has no value has none, whichever NaN it is; and 0 is +0.
      expect(named[name ?? '']?.(left, right)).toBe(expected);
    }),
    { numRuns: 6000 },
  );
});

test('know which types hold all values of others', () => {
  for (const from of types)
    for (const to of types) {
      const [least, most] = from.signed
        ? [-(2n ** BigInt(from.bits - 1)), 2n ** BigInt(from.bits - 1) - 1n]
        : [0n, 2n ** BigInt(from.bits) - 1n];
      const holds = [least, most].every((each) => convert(normal(each), to) === normal(each));
      expect(holdsAll(from, to)).toBe(holds);
    }
});

test('tell whether a value is 0, and leave what has none without one', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const none = Number.isNaN(value);
      expect(operators.not(value)).toBe(none ? NaN : truth(value) ? 0 : 1);
      expect(operators.toBool(value)).toBe(none ? NaN : truth(value) ? 1 : 0);
    }),
  );
});

test('go on from addresses', () => {
  expect(operators.plus(0x100000, 8)).toBe(0x100008);
  expect(operators.plus(NaN, 2n ** 60n)).toBe(NaN);
  expect(operators.plus(2n ** 60n, 8)).toBe(2n ** 60n + 8n);
  expect(operators.times(2n ** 60n, 32)).toBe(0);
});
