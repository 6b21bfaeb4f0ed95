// Values as an intrinsic reads and computes them: arguments by position, C widths, error numbers.
import type { Intrinsic, IntrinsicCall, IntrinsicTable, Machine, Value } from './machine.js';

/** An intrinsic, as it is written where C has no result. */
export type IntrinsicBody = Intrinsic | ((m: Machine, call: IntrinsicCall) => void);

/** Argument `at` as it was evaluated; indeterminate where the call has none. */
export function given(call: IntrinsicCall, at: number): Value {
  return call.values[at] ?? NaN;
}

/** Argument `at` as written in the source, for messages. */
export function written(call: IntrinsicCall, at: number): string {
  return (call.texts[at] ?? '').trim();
}

export function isIndeterminate(value: Value): boolean {
  return typeof value === 'number' && Number.isNaN(value);
}

/** Whether C takes the value for true. */
export function isTrue(value: Value): boolean {
  return value !== 0 && !isIndeterminate(value);
}

/** The value of that width that is congruent to `value`; a number where it is a safe integer. */
function narrow(value: bigint, bits: number, signed: boolean): Value {
  const wrapped = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  return wrapped >= BigInt(Number.MIN_SAFE_INTEGER) && wrapped <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wrapped) : wrapped;
}

/** `value` converted to an integer type; indeterminate stays so. */
export function converted(value: Value, bits: number, signed: boolean): Value {
  return isIndeterminate(value) ? NaN : narrow(BigInt(value), bits, signed);
}

/** `compute` on exact operands, the result in that width; indeterminate where an operand is. */
export function computed(bits: number, signed: boolean, a: Value, b: Value, compute: (a: bigint, b: bigint) => bigint): Value {
  return isIndeterminate(a) || isIndeterminate(b) ? NaN : narrow(compute(BigInt(a), BigInt(b)), bits, signed);
}

/** An argument as a C `int`. Indeterminate stays so, and compares as false with everything. */
export function int(call: IntrinsicCall, at: number): number {
  return Number(converted(given(call, at), 32, true));
}

/** An argument as a C `u32`. */
export function u32(call: IntrinsicCall, at: number): number {
  return Number(converted(given(call, at), 32, false));
}

/** An argument as a C `unsigned long`. */
export function unsignedLong(call: IntrinsicCall, at: number): Value {
  return converted(given(call, at), 64, false);
}

/** An argument as a count of bytes or elements: 0 where it is indeterminate. */
export function count(call: IntrinsicCall, at: number): number {
  const value = unsignedLong(call, at);
  return isIndeterminate(value) ? 0 : Number(value);
}

/** The address `bytes` after another. */
export function plus(address: Value, bytes: Value): Value {
  return computed(64, true, address, bytes, (a, b) => a + b);
}

/** The error numbers of include/uapi/asm-generic/errno-base.h and errno.h that intrinsics answer. */
export const errno = {
  ENOENT: 2,
  EINTR: 4,
  E2BIG: 7,
  EAGAIN: 11,
  ENOMEM: 12,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  ENOSPC: 28,
  ERANGE: 34,
  ERESTARTSYS: 512,
} as const;

export const maximumErrno = 4095;

/** Whether a pointer holds an error number (include/linux/err.h). */
export function isError(pointer: Value): boolean {
  return pointer < 0 && pointer >= -maximumErrno;
}

/** One intrinsic under several names, separated by blanks. */
export function each(names: string, make: (name: string) => IntrinsicBody): IntrinsicTable {
  return joined(
    ...names
      .trim()
      .split(/\s+/)
      .map((name) => ({ [name]: make(name) })),
  );
}

/** Tables as one. Throws where two of them have a name in common. */
export function joined(...tables: readonly Readonly<Record<string, IntrinsicBody>>[]): IntrinsicTable {
  const all = new Map<string, Intrinsic>();
  for (const table of tables)
    for (const [name, intrinsic] of Object.entries(table)) {
      if (all.has(name)) throw new Error(`two intrinsics are named ${name}`);
      all.set(name, intrinsic as Intrinsic);
    }
  return Object.fromEntries(all);
}

/** Does nothing: an order of memory accesses, which the simulator keeps anyway, or a hint. */
export const nothing: IntrinsicBody = () => undefined;
