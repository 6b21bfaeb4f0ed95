// The sets of integers against plain ones, on a small range.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as sets from '../../extension/checker/integer-set.js';
import { any, maximum, none, type IntegerSet } from '../../extension/kernel/contract.js';

const small = 8;
const range = Array.from({ length: 2 * small + 1 }, (_, index) => index - small);

/** The members from -small to small. */
const members = (set: IntegerSet): number[] => range.filter((value) => sets.contains(set, value));

const plainSet = fc.uniqueArray(fc.integer({ min: -small, max: small })).map((values) => values.sort((a, b) => a - b));

/** The same as ranges, made one member at a time. */
const setOf = (values: readonly number[]): IntegerSet => values.reduce<IntegerSet>((set, value) => sets.union(set, sets.only(value)), none);

/** Some of them reach far beyond what is looked at. */
const someSet = fc.tuple(plainSet, fc.boolean()).map(([values, outside]) => (outside ? sets.complement(setOf(values)) : setOf(values)));

function expectNormal(set: IntegerSet): void {
  let before = -Infinity;
  for (const [low, high] of set) {
    expect(low).toBeLessThanOrEqual(high);
    expect(low).toBeGreaterThan(before + 1);
    before = high;
  }
}

describe('sets of integers', () => {
  test('have the members that were put in, and know when that is one or none', () => {
    fc.assert(
      fc.property(plainSet, (values) => {
        const set = setOf(values);
        expectNormal(set);
        expect(members(set)).toEqual(values);
        expect(sets.isEmpty(set)).toBe(values.length === 0);
        expect(sets.single(set)).toBe(values.length === 1 ? values[0] : undefined);
      }),
    );
  });

  test('unite, intersect and complement as plain sets do', () => {
    fc.assert(
      fc.property(someSet, someSet, (a, b) => {
        const [inA, inB] = [members(a), members(b)];
        const [both, either, others] = [sets.intersect(a, b), sets.union(a, b), sets.complement(a)];
        [both, either, others].forEach(expectNormal);
        expect(members(both)).toEqual(inA.filter((value) => inB.includes(value)));
        expect(members(either)).toEqual(range.filter((value) => inA.includes(value) || inB.includes(value)));
        expect(members(others)).toEqual(range.filter((value) => !inA.includes(value)));
        expect(sets.complement(others)).toEqual(a);
        expect(sets.overlaps(a, b)).toBe(!sets.isEmpty(both));
        expect(sets.isSubset(a, b)).toBe(sets.isEmpty(sets.intersect(a, sets.complement(b))));
      }),
    );
  });

  test('keep the values that a comparison with some member lets through', () => {
    const holds: Readonly<Record<sets.Comparison, (x: number, y: number) => boolean>> = {
      '==': (x, y) => x === y,
      '!=': (x, y) => x !== y,
      '<': (x, y) => x < y,
      '>': (x, y) => x > y,
      '<=': (x, y) => x <= y,
      '>=': (x, y) => x >= y,
    };
    const operators = Object.keys(holds) as sets.Comparison[];
    fc.assert(
      fc.property(plainSet, fc.constantFrom(...operators), (values, operator) => {
        const passing = range.filter((x) => values.some((y) => holds[operator](x, y)));
        expect(members(sets.satisfying(operator, setOf(values)))).toEqual(passing);
        const mirrored = range.filter((x) => values.some((y) => holds[sets.mirrored[operator]](y, x)));
        expect(mirrored).toEqual(passing);
        for (const y of values)
          expect(range.filter((x) => !holds[sets.negated[operator]](x, y))).toEqual(range.filter((x) => holds[operator](x, y)));
      }),
    );
  });

  test('end at the largest number that counts exactly', () => {
    expect(sets.complement(none)).toEqual(any);
    expect(sets.complement(any)).toEqual(none);
    expect(sets.satisfying('>', sets.only(maximum))).toEqual(none);
    expect(sets.satisfying('<', sets.only(-maximum))).toEqual(none);
    expect(sets.formatSet(sets.union(sets.only(-17), [[0, 3]]))).toBe('-17|0..3');
  });
});
