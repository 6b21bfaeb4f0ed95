// Bits in arrays of unsigned long: bit n is bit n % 64 of word n / 64, as on 64-bit machines (include/linux/bitops.h).
import type { IntrinsicCall, IntrinsicTable, Machine, Value } from './machine.js';
import { computed, count, each, given, isIndeterminate, isTrue, joined, plus, unsignedLong, type IntrinsicBody } from './values.js';

const wordBits = 64;

/** The word that bit `nr` lies in, and the bit's place there. */
function place(nr: number, address: Value): { readonly word: Value; readonly bit: bigint } {
  return { word: plus(address, Math.floor(nr / wordBits) * 8), bit: 1n << BigInt(nr % wordBits) };
}

const load = (m: Machine, word: Value): Value => m.load(word, 8, false);

function has(m: Machine, nr: number, address: Value): boolean {
  const { word, bit } = place(nr, address);
  const value = load(m, word);
  return !isIndeterminate(value) && (BigInt(value) & bit) !== 0n;
}

type Change = (old: bigint, bit: bigint) => bigint;

const set: Change = (old, bit) => old | bit;
const clear: Change = (old, bit) => old & ~bit;
const flip: Change = (old, bit) => old ^ bit;

/** Whether the bit was set before. */
function change(m: Machine, nr: number, address: Value, how: Change): boolean {
  const { word, bit } = place(nr, address);
  const old = load(m, word);
  m.store(
    word,
    8,
    computed(64, false, old, 0, (value) => how(value, bit)),
  );
  return !isIndeterminate(old) && (BigInt(old) & bit) !== 0n;
}

const changes = (how: Change): IntrinsicBody => {
  return (m, call) => void change(m, count(call, 0), given(call, 1), how);
};
const testsAndChanges = (how: Change): IntrinsicBody => {
  return (m, call) => (change(m, count(call, 0), given(call, 1), how) ? 1 : 0);
};

const single: IntrinsicTable = joined(
  each('test_bit test_bit_acquire', () => (m, call) => (has(m, count(call, 0), given(call, 1)) ? 1 : 0)),
  each('set_bit __set_bit', () => changes(set)),
  each('clear_bit __clear_bit clear_bit_unlock __clear_bit_unlock', () => changes(clear)),
  each('change_bit __change_bit', () => changes(flip)),
  each('test_and_set_bit __test_and_set_bit test_and_set_bit_lock', () => testsAndChanges(set)),
  each('test_and_clear_bit __test_and_clear_bit', () => testsAndChanges(clear)),
  each('test_and_change_bit __test_and_change_bit', () => testsAndChanges(flip)),
  each('assign_bit __assign_bit', () => (m, call) => void change(m, count(call, 0), given(call, 1), isTrue(given(call, 2)) ? set : clear)),
  {
    clear_and_wake_up_bit(m, call) {
      change(m, count(call, 0), given(call, 1), clear);
      m.wake(given(call, 1), true);
    },
  },
);

/** The first bit from `from` on that is `wanted`, or `size`. */
function find(m: Machine, address: Value, size: number, from: number, wanted: boolean): number {
  for (let nr = from; nr < size; nr++) if (has(m, nr, address) === wanted) return nr;
  return size;
}

function weight(m: Machine, call: IntrinsicCall): number {
  let bits = 0;
  for (let nr = 0; nr < count(call, 1); nr++) if (has(m, nr, given(call, 0))) bits++;
  return bits;
}

function range(m: Machine, address: Value, from: number, length: number, how: Change): void {
  for (let nr = from; nr < from + length; nr++) change(m, nr, address, how);
}

/** Whole words, as the kernel does, so that no bit is left as it was. */
const fills = (byte: number): IntrinsicBody => {
  return (m, call) => m.fill(given(call, 0), byte, Math.ceil(count(call, 1) / wordBits) * 8);
};

const maps: IntrinsicTable = joined({
  find_first_bit: (m, call) => find(m, given(call, 0), count(call, 1), 0, true),
  find_first_zero_bit: (m, call) => find(m, given(call, 0), count(call, 1), 0, false),
  find_next_bit: (m, call) => find(m, given(call, 0), count(call, 1), count(call, 2), true),
  find_next_zero_bit: (m, call) => find(m, given(call, 0), count(call, 1), count(call, 2), false),
  bitmap_zero: fills(0),
  bitmap_fill: fills(0xff),
  bitmap_set: (m, call) => range(m, given(call, 0), count(call, 1), count(call, 2), set),
  bitmap_clear: (m, call) => range(m, given(call, 0), count(call, 1), count(call, 2), clear),
  bitmap_weight: weight,
  bitmap_empty: (m, call) => (find(m, given(call, 0), count(call, 1), 0, true) === count(call, 1) ? 1 : 0),
  bitmap_full: (m, call) => (find(m, given(call, 0), count(call, 1), 0, false) === count(call, 1) ? 1 : 0),
});

// ---- bits of a number ----------------------------------------------------------------------------------------------

const width = (value: Value): number => (isTrue(value) ? BigInt(value).toString(2).length : 0);
const lowest = (value: Value): number => (isTrue(value) ? BigInt(value).toString(2).split('').reverse().indexOf('1') + 1 : 0);
const ones = (value: Value): number => (isTrue(value) ? BigInt(value).toString(2).split('1').length - 1 : 0);
const unsigned32 = (call: IntrinsicCall): Value => computed(32, false, given(call, 0), 0, (value) => value);

const golden32 = 0x61c88647n;
const golden64 = 0x61c8864680b583ebn;

/** The upper `bits` of a product with the golden ratio (include/linux/hash.h). */
const hashes = (of: 32 | 64): IntrinsicBody => {
  return (_m, call) =>
    computed(of, false, given(call, 0), given(call, 1), (value, bits) => {
      return BigInt.asUintN(of, value * (of === 32 ? golden32 : golden64)) >> (BigInt(of) - bits);
    });
};

const numbers: IntrinsicTable = joined(
  each('fls', () => (_m, call) => width(unsigned32(call))),
  each('fls64 fls_long', () => (_m, call) => width(unsignedLong(call, 0))),
  each('__fls', () => (_m, call) => width(unsignedLong(call, 0)) - 1),
  each('ffs', () => (_m, call) => lowest(unsigned32(call))),
  each('__ffs __ffs64', () => (_m, call) => lowest(unsignedLong(call, 0)) - 1),
  each('ffz', () => (_m, call) => lowest(computed(64, false, given(call, 0), 0, (value) => ~value)) - 1),
  each('hweight8 hweight16 hweight32', () => (_m, call) => ones(unsigned32(call))),
  each('hweight64 hweight_long', () => (_m, call) => ones(unsignedLong(call, 0))),
  each('ilog2 __ilog2_u32 __ilog2_u64', () => (_m, call) => width(unsignedLong(call, 0)) - 1),
  each('is_power_of_2', () => (_m, call) => (ones(unsignedLong(call, 0)) === 1 ? 1 : 0)),
  each(
    'roundup_pow_of_two',
    () => (_m, call) => computed(64, false, 1, width(computed(64, false, given(call, 0), 1, (a, b) => a - b)), (a, b) => a << b),
  ),
  each('rounddown_pow_of_two', () => (_m, call) => computed(64, false, 1, width(unsignedLong(call, 0)) - 1, (a, b) => a << b)),
  each('hash_32', () => hashes(32)),
  each('hash_long hash_64 hash_ptr', () => hashes(64)),
);

/** Bit operations, bitmaps, and what counts or finds bits of a number. */
export const bits = joined(single, maps, numbers);
