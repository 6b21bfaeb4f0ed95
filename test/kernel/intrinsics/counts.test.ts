// refcount_t against lib/refcount.c, atomics and bits against exact arithmetic.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blocked } from '../../../extension/kernel/intrinsics/machine.js';
import { FakeMachine } from './fake-machine.js';

const saturated = -0x40000000;

describe('refcount_t', () => {
  /** The header and lib/refcount.c, in exact integers: the count afterwards, what is returned, and the warning. */
  type Outcome = readonly [now: number, result: number | undefined, warning: string | null];
  const overflow = 'refcount_t: saturated; leaking memory';
  const underflow = 'refcount_t: underflow; use-after-free';
  const model: Readonly<Record<string, (old: number, by: number) => Outcome>> = {
    refcount_inc: (old) => added(old, 1),
    refcount_add: (old, by) => added(old, by),
    refcount_inc_not_zero: (old) => addedUnlessZero(old, 1),
    refcount_add_not_zero: (old, by) => addedUnlessZero(old, by),
    refcount_dec_and_test: (old) => subtracted(old, 1),
    refcount_sub_and_test: (old, by) => subtracted(old, by),
    refcount_dec: (old) => (old <= 1 ? [saturated, undefined, 'refcount_t: decrement hit 0; leaking memory'] : [old - 1, undefined, null]),
    refcount_dec_if_one: (old) => (old === 1 ? [0, 1, null] : [old, 0, null]),
    refcount_dec_not_one: (old) => {
      if (old === saturated) return [old, 1, null];
      if (old === 1) return [old, 0, null];
      return old === 0 ? [0, 1, underflow] : [(old - 1) | 0, 1, null];
    },
  };
  const wrapped = (value: number): number => Number(BigInt.asIntN(32, BigInt(value)));
  const added = (old: number, by: number): Outcome => {
    if (old === 0) return [saturated, undefined, 'refcount_t: addition on 0; use-after-free'];
    return old < 0 || wrapped(old + by) < 0 ? [saturated, undefined, overflow] : [old + by, undefined, null];
  };
  const addedUnlessZero = (old: number, by: number): Outcome => {
    if (old === 0) return [0, 0, null];
    return old < 0 || wrapped(old + by) < 0 ? [saturated, 1, overflow] : [old + by, 1, null];
  };
  const subtracted = (old: number, by: number): Outcome => {
    if (old > 0 && old === by) return [0, 1, null];
    return old <= 0 || wrapped(old - by) < 0 ? [saturated, 0, underflow] : [old - by, 0, null];
  };

  test('counts, saturates and warns as the kernel does', () => {
    const counts = fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom(saturated, saturated + 1, 0x7fffffff, -0x80000000, -1),
      fc.integer({ min: -0x80000000, max: 0x7fffffff }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(model)), counts, fc.integer({ min: 1, max: 5 }), (name, old, by) => {
        const m = new FakeMachine();
        const count = m.room(4);
        m.call('refcount_set', [count, old]);
        const result = m.call(name, /_(add|sub)(_|$)/.test(name) ? [by, count] : [count]);
        const [now, expected, warning] = model[name]?.(old, by) ?? [NaN, NaN, null];
        expect([m.load(count, 4, true), result, m.reports]).toEqual([now, expected, warning === null ? [] : [`refcount: ${warning}`]]);
      }),
      { numRuns: 500 },
    );
  });

  test('is read as unsigned', () => {
    const m = new FakeMachine();
    const count = m.room(4);
    m.store(count, 4, saturated);
    expect(m.call('refcount_read', [count])).toBe(0xc0000000);
  });

  test('dec_and_lock takes the lock for the last one alone, and does nothing while it waits', () => {
    const m = new FakeMachine();
    const [count, lock] = [m.room(4), m.room(4)];
    m.call('refcount_set', [count, 2]);
    expect(m.call('refcount_dec_and_lock', [count, lock])).toBe(0);
    expect(m.holds(lock)).toBe(false);
    m.thread = 1;
    m.call('spin_lock', [lock]);
    m.thread = 0;
    expect(m.call('refcount_dec_and_lock', [count, lock])).toBe(blocked);
    expect(m.load(count, 4, true)).toBe(1);
    m.thread = 1;
    m.call('spin_unlock', [lock]);
    m.thread = 0;
    expect(m.call('refcount_dec_and_lock', [count, lock])).toBe(1);
    expect([m.load(count, 4, true), m.holds(lock), m.atomic]).toEqual([0, true, ['spin_lock()']]);
  });

  test('an unknown count warns of nothing', () => {
    const m = new FakeMachine();
    expect(m.call('refcount_inc_not_zero', [0x100])).toBe(0);
    expect(m.call('refcount_dec_and_test', [0x100])).toBe(0);
    expect(m.reports).toEqual([]);
  });
});

describe('atomics', () => {
  const operations: Readonly<Record<string, (old: bigint, by: bigint) => bigint>> = {
    add: (old, by) => old + by,
    sub: (old, by) => old - by,
    and: (old, by) => old & by,
    andnot: (old, by) => old & ~by,
    or: (old, by) => old | by,
    xor: (old, by) => old ^ by,
  };
  const families = [
    ['atomic', 4],
    ['atomic64', 8],
    ['atomic_long', 8],
  ] as const;
  const value = (bytes: number): fc.Arbitrary<bigint> =>
    fc.oneof(fc.bigInt(-3n, 3n), fc.bigInt(-(1n << BigInt(bytes * 8 - 1)), (1n << BigInt(bytes * 8 - 1)) - 1n));
  const plain = (of: bigint): number | bigint => (Number.isSafeInteger(Number(of)) ? Number(of) : of);

  test.each(families)('%s wraps as two’s complement does', (prefix, bytes) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(operations)),
        fc.constantFrom('', '_relaxed', '_acquire', '_release'),
        value(bytes),
        value(bytes),
        (name, order, old, by) => {
          const m = new FakeMachine();
          const at = m.room(bytes);
          const now = BigInt.asIntN(bytes * 8, operations[name]?.(old, by) ?? 0n);
          const after = (call: string): unknown => {
            m.store(at, bytes, plain(old));
            const result = m.call(`${prefix}_${call}`, [plain(by), at]);
            expect(m.load(at, bytes, true)).toBe(plain(now));
            return result;
          };
          expect(after(name)).toBe(undefined);
          expect(after(`${name}_return${order}`)).toBe(plain(now));
          expect(after(`fetch_${name}${order}`)).toBe(plain(old));
        },
      ),
    );
  });

  test.each(families)('%s is changed on a condition, and tells', (prefix, bytes) => {
    fc.assert(
      fc.property(value(bytes), value(bytes), value(bytes), (old, a, b) => {
        const m = new FakeMachine();
        const [at, expected] = [m.room(bytes), m.room(bytes)];
        const after = (name: string, ...values: (number | bigint)[]): readonly unknown[] => {
          m.store(at, bytes, plain(old));
          return [m.call(`${prefix}_${name}`, [at, ...values]), m.load(at, bytes, true)];
        };
        const next = plain(BigInt.asIntN(bytes * 8, old + 1n));
        const last = plain(BigInt.asIntN(bytes * 8, old - 1n));
        const same = plain(old);
        expect(after('inc_not_zero')).toEqual(old === 0n ? [0, 0] : [1, next]);
        expect(after('inc_unless_negative')).toEqual(old < 0n ? [0, same] : [1, next]);
        expect(after('dec_unless_positive')).toEqual(old > 0n ? [0, same] : [1, last]);
        expect(after('dec_and_test')).toEqual([last === 0 ? 1 : 0, last]);
        expect(after('dec_if_positive')).toEqual([last, last >= 0 ? last : same]);
        expect(after('xchg', plain(a))).toEqual([same, plain(a)]);
        expect(after('cmpxchg', plain(a), plain(b))).toEqual([same, a === old ? plain(b) : same]);
        expect(after('cmpxchg', same, plain(b))).toEqual([same, plain(b)]);
        expect(after('add_unless', plain(a), plain(b))).toEqual(b === old ? [0, same] : [1, plain(BigInt.asIntN(bytes * 8, old + a))]);
        m.store(expected, bytes, plain(a));
        expect(after('try_cmpxchg', expected, plain(b))).toEqual(a === old ? [1, plain(b)] : [0, same]);
        expect(m.load(expected, bytes, true)).toBe(same);
      }),
    );
  });

  test('a plain try_cmpxchg is as wide as what it points to', () => {
    const m = new FakeMachine();
    const [at, expected] = [m.room(8), m.room(8)];
    const about = { types: [{ kind: 'named', name: 'u32' }] as const, sizes: { u32: 4 } };
    m.store(at, 8, 0x500000000);
    expect(m.call('try_cmpxchg', [at, expected, 7], about)).toBe(1);
    expect(m.load(at, 8, false)).toBe(0x500000007);
  });
});

describe('bits', () => {
  test('are set, cleared and flipped in words of 64, and what was there is told', () => {
    const operation = fc.record({ name: fc.constantFrom('set', 'clear', 'change'), nr: fc.integer({ min: 0, max: 199 }) });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const m = new FakeMachine();
        const map = m.room(32);
        let model = 0n;
        for (const { name, nr } of operations) {
          const bit = 1n << BigInt(nr);
          const before = (model & bit) !== 0n;
          model = name === 'set' ? model | bit : name === 'clear' ? model & ~bit : model ^ bit;
          expect(m.call(`test_and_${name}_bit`, [nr, map])).toBe(before ? 1 : 0);
          expect(m.call('test_bit', [nr, map])).toBe((model & bit) !== 0n ? 1 : 0);
        }
        const text = model.toString(2).split('').reverse().join('');
        expect(m.call('find_first_bit', [map, 200])).toBe(model === 0n ? 200 : text.indexOf('1'));
        expect(m.call('find_next_bit', [map, 200, 50])).toBe(!text.includes('1', 50) ? 200 : text.indexOf('1', 50));
        expect(m.call('find_first_zero_bit', [map, 200])).toBe(`${text}0`.indexOf('0'));
        expect(m.call('bitmap_weight', [map, 200])).toBe(text.split('1').length - 1);
      }),
    );
  });

  test.each([
    ['fls', [0], 0],
    ['fls', [1], 1],
    ['fls', [0x80000000], 32],
    ['fls', [-1], 32],
    ['fls64', [-1], 64],
    ['ffs', [0], 0],
    ['ffs', [12], 3],
    ['__ffs', [1n << 63n], 63],
    ['ffz', [7], 3],
    ['hweight64', [-1], 64],
    ['hweight32', [-1], 32],
    ['ilog2', [4096], 12],
    ['is_power_of_2', [0], 0],
    ['is_power_of_2', [64], 1],
    ['roundup_pow_of_two', [1], 1],
    ['roundup_pow_of_two', [5], 8],
    ['roundup_pow_of_two', [8], 8],
    ['rounddown_pow_of_two', [9], 8],
    // The number after the multiplication is the golden ratio's, of which the upper bits are kept.
    ['hash_32', [1, 32], 0x61c88647],
    ['hash_64', [1, 64], 0x61c8864680b583ebn],
    ['hash_64', [1, 8], 0x61],
  ] as const)('%s(%s) is %s', (name, values, expected) => {
    expect(new FakeMachine().call(name, values)).toBe(expected);
  });
});
