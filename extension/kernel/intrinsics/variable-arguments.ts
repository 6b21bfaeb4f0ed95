// Arguments beyond a function's parameters (C11 7.16), in a list as the ABI has it (System V, x86-64, 3.5.7) once all registers
// are used up: what is left is where `overflow_arg_area` points, in words of 8 bytes.
import type { IntrinsicCall, IntrinsicTable, Machine, NextArgument, Value } from './machine.js';
import { each, given, joined, nothing, plus, written } from './values.js';

/** Bytes of a list, and where in it is what. */
const list = { bytes: 24, general: 0, floating: 4, overflow: 8, saved: 16 } as const;
/** What the offsets into saved registers are when none is left. */
const usedUp = { general: 48, floating: 304 } as const;

/** Takes the next argument off a list: its address. */
function take(m: Machine, of: Value, bytes: number): Value {
  const address = m.load(plus(of, list.overflow), 8, true);
  m.store(plus(of, list.overflow), 8, plus(address, Math.ceil(bytes / 8) * 8));
  return address;
}

/** What a format is given: the arguments of a call from `at` on or, `listed`, those of the list that argument is. */
export function argumentsFrom(m: Machine, call: IntrinsicCall, at: number, listed: boolean): NextArgument {
  let next = at;
  return listed ? (bytes) => m.load(take(m, given(call, at), bytes), bytes, true) : () => given(call, next++);
}

/** va_start(), va_arg() and their like. */
export const argumentLists: IntrinsicTable = joined(
  each('va_start __builtin_va_start', (name) => (m, call) => {
    const first = m.restArguments();
    if (first === null)
      return m.report('bug', `${name}(${written(call, 0)}) in a function that takes no more arguments than it has parameters`);
    const of = given(call, 0);
    m.store(plus(of, list.general), 4, usedUp.general);
    m.store(plus(of, list.floating), 4, usedUp.floating);
    m.store(plus(of, list.overflow), 8, first);
    m.store(plus(of, list.saved), 8, 0);
  }),
  /** `va_arg(list, type)`: a scalar's value, the address of another's. */
  each('va_arg __builtin_va_arg', (name) => (m, call) => {
    const type = call.types[1];
    const bytes = type ? call.sizeOf(type) : undefined;
    if (!type || bytes === undefined) {
      m.assume('callee', name, `the size of ${written(call, 1)} is not known: it is 8`);
      return m.load(take(m, given(call, 0), 8), 8, true);
    }
    const address = take(m, given(call, 0), bytes);
    const scalar = call.scalarOf(type);
    return scalar === undefined ? address : m.load(address, scalar.bytes, scalar.signed);
  }),
  each('va_copy __builtin_va_copy __va_copy', () => (m, call) => m.copy(given(call, 0), given(call, 1), list.bytes)),
  each('va_end __builtin_va_end', () => nothing),
);
