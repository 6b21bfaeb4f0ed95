// What gcc computes by itself, by the names of its functions, and the kernel's overflow checks that are made of them.
import type { IntrinsicCall, IntrinsicTable, Machine, Value } from './machine.js';
import { computed, converted, each, given, isIndeterminate, joined, type IntrinsicBody } from './values.js';

type Compute = (a: bigint, b: bigint) => bigint;

const operations: readonly (readonly [string, Compute])[] = [
  ['add', (a, b) => a + b],
  ['sub', (a, b) => a - b],
  ['mul', (a, b) => a * b],
];

/** Whether the exact result is more than the type holds; null where an operand has no value. */
function exceeds(call: IntrinsicCall, compute: Compute, to: { readonly bits: number; readonly signed: boolean }): boolean | null {
  const [a, b] = [given(call, 0), given(call, 1)];
  if (isIndeterminate(a) || isIndeterminate(b)) return null;
  const exact = compute(BigInt(a), BigInt(b));
  return exact !== (to.signed ? BigInt.asIntN(to.bits, exact) : BigInt.asUintN(to.bits, exact));
}

/** Writes the result where argument 2 points to, cut to what that holds, and says whether it was cut. */
const checked = (name: string, compute: Compute): IntrinsicBody => {
  return (m, call) => {
    const pointer = call.types[2];
    const type = pointer?.kind === 'pointer' ? pointer.to : undefined;
    const to = type && call.integerOf(type);
    if (to === undefined) {
      m.assume('callee', name, 'the type of its result is not known');
      return 0;
    }
    store(m, given(call, 2), to.bits, computed(to.bits, to.signed, given(call, 0), given(call, 1), compute));
    return answer(exceeds(call, compute, to));
  };
};

/** The type of argument 2 says what holds the result, which is written nowhere. */
const predicate = (name: string, compute: Compute): IntrinsicBody => {
  return (m, call) => {
    const to = call.types[2] ? call.integerOf(call.types[2]) : undefined;
    if (to === undefined) m.assume('callee', name, 'the type of its result is not known');
    return to === undefined ? 0 : answer(exceeds(call, compute, to));
  };
};

function answer(cut: boolean | null): Value {
  return cut === null ? NaN : cut ? 1 : 0;
}

function store(m: Machine, address: Value, bits: number, value: Value): void {
  m.store(address, (bits / 8) as 1 | 2 | 4 | 8, value);
}

const overflows: IntrinsicTable = joined(
  ...operations.flatMap(([name, compute]) => [
    each(`__builtin_${name}_overflow check_${name}_overflow`, (each) => checked(each, compute)),
    each(`__builtin_${name}_overflow_p`, (each) => predicate(each, compute)),
    each(
      ['', 'l', 'll'].flatMap((size) => [`__builtin_s${name}${size}_overflow`, `__builtin_u${name}${size}_overflow`]).join(' '),
      (each) => fixed(each, compute),
    ),
  ]),
);

/** Those whose names say the types of operands and result: `__builtin_uaddl_overflow()`. */
function fixed(name: string, compute: Compute): IntrinsicBody {
  const bits = /(add|sub|mul)l+_overflow$/.test(name) ? 64 : 32;
  const to = { bits, signed: name.startsWith('__builtin_s') };
  return (m, call) => {
    const narrow = { ...call, values: call.values.map((value, at) => (at < 2 ? converted(value, bits, to.signed) : value)) };
    store(m, given(call, 2), bits, computed(bits, to.signed, given(narrow, 0), given(narrow, 1), compute));
    return answer(exceeds(narrow, compute, to));
  };
}

// ---- bits ----------------------------------------------------------------------------------------------------------

const sizes: readonly (readonly [string, number])[] = [
  ['', 32],
  ['l', 64],
  ['ll', 64],
];

/** The same for unsigned ints, longs and long longs, of the digits in base 2. */
function ofDigits(name: string, count: (digits: string, bits: number) => number): IntrinsicTable {
  return joined(
    ...sizes.map(([size, bits]) => ({
      [`__builtin_${name}${size}`]: (_m: Machine, call: IntrinsicCall): Value => {
        const value = given(call, 0);
        return isIndeterminate(value) ? NaN : count(BigInt.asUintN(bits, BigInt(value)).toString(2).padStart(bits, '0'), bits);
      },
    })),
  );
}

const ones = (digits: string): number => digits.split('1').length - 1;
const trailing = (digits: string): number => digits.length - 1 - digits.lastIndexOf('1');

const swapped = (bits: number): IntrinsicBody => {
  return (_m, call) =>
    computed(bits, false, given(call, 0), 0, (value) => {
      const digits = BigInt.asUintN(bits, value)
        .toString(16)
        .padStart(bits / 4, '0');
      return BigInt(`0x${(digits.match(/../g) ?? []).reverse().join('')}`);
    });
};

const numbers: IntrinsicTable = joined(
  ofDigits('popcount', ones),
  ofDigits('parity', (digits) => ones(digits) % 2),
  // Of 0 gcc says nothing; x86 gives what bsr and bsf leave, which nobody may rely on.
  ofDigits('clz', (digits) => (digits.includes('1') ? digits.indexOf('1') : NaN)),
  ofDigits('ctz', (digits) => (digits.includes('1') ? trailing(digits) : NaN)),
  ofDigits('ffs', (digits) => (digits.includes('1') ? trailing(digits) + 1 : 0)),
  ofDigits('clrsb', (digits, bits) => {
    const other = digits.indexOf(digits.startsWith('1') ? '0' : '1');
    return (other < 0 ? bits : other) - 1;
  }),
  each('__builtin_bswap16', () => swapped(16)),
  each('__builtin_bswap32', () => swapped(32)),
  each('__builtin_bswap64', () => swapped(64)),
  each('__builtin_abs', () => (_m, call) => computed(32, true, given(call, 0), 0, (value) => (value < 0n ? -value : value))),
  each(
    '__builtin_labs __builtin_llabs',
    () => (_m, call) => computed(64, true, given(call, 0), 0, (value) => (value < 0n ? -value : value)),
  ),
  each('__builtin_prefetch', () => () => undefined),
);

/** gcc's own functions on numbers. */
export const builtins = joined(overflows, numbers);
