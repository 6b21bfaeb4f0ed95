// atomic_t, atomic64_t and atomic_long_t (Documentation/atomic_t.txt). Each operation is one step; the order of others around
// it is the simulator's, which is sequentially consistent, so that _relaxed, _acquire and _release are the plain operation.
import { lockFor } from './lock.js';
import { blocked, type IntrinsicCall, type IntrinsicTable, type Machine, type Value } from './machine.js';
import { computed, converted, each, given, isIndeterminate, joined, nothing, type IntrinsicBody } from './values.js';

type Bytes = 4 | 8;
type Operation = (old: bigint, operand: bigint) => bigint;

const operations: Readonly<Record<string, Operation>> = {
  add: (old, by) => old + by,
  sub: (old, by) => old - by,
  and: (old, by) => old & by,
  andnot: (old, by) => old & ~by,
  or: (old, by) => old | by,
  xor: (old, by) => old ^ by,
};

/** Operations whose operand is 1, and that one. */
const steps: Readonly<Record<string, Operation>> = { inc: (old) => old + 1n, dec: (old) => old - 1n };

/** What is done where a condition on the old value holds: its name, the operation, the condition. */
const conditional: readonly (readonly [string, Operation, (old: Value) => boolean])[] = [
  ['inc_not_zero', (old) => old + 1n, (old) => old !== 0],
  ['inc_unless_negative', (old) => old + 1n, (old) => old >= 0],
  ['dec_unless_positive', (old) => old - 1n, (old) => old <= 0],
];

interface Update {
  readonly old: Value;
  readonly now: Value;
}

const read = (m: Machine, at: Value, bytes: Bytes): Value => m.load(at, bytes, true);

function update(m: Machine, at: Value, bytes: Bytes, operand: Value, operation: Operation): Update {
  const old = read(m, at, bytes);
  const now = computed(bytes * 8, true, old, operand, operation);
  m.store(at, bytes, now);
  return { old, now };
}

/** `operation(operand, pointer)`, and for `inc` and `dec` `operation(pointer)`. */
type Updating = (m: Machine, call: IntrinsicCall) => Update;

/** A name with the orders that it may be asked for with. */
function ordered(
  name: string,
  intrinsic: IntrinsicBody,
  orders: readonly string[] = ['', '_relaxed', '_acquire', '_release'],
): IntrinsicTable {
  return each(orders.map((order) => name + order).join(' '), () => intrinsic);
}

const truth = (condition: boolean): Value => (condition ? 1 : 0);

/** `op`, `op_return`, `fetch_op` and what tests their result. */
function arithmetic(prefix: string, name: string, updating: Updating): IntrinsicTable {
  return joined(
    { [`${prefix}_${name}`]: (m, call): undefined => void updating(m, call) },
    ordered(`${prefix}_${name}_return`, (m, call) => updating(m, call).now),
    ordered(`${prefix}_fetch_${name}`, (m, call) => updating(m, call).old),
    { [`${prefix}_${name}_and_test`]: (m, call) => truth(updating(m, call).now === 0) },
    ordered(`${prefix}_${name}_negative`, (m, call) => truth(updating(m, call).now < 0)),
  );
}

function compareAndExchange(m: Machine, at: Value, bytes: Bytes, expected: Value, wanted: Value): Value {
  const old = read(m, at, bytes);
  if (old === converted(expected, bytes * 8, true)) m.store(at, bytes, converted(wanted, bytes * 8, true));
  return old;
}

/** 1 where it was stored; else 0, and what was found is stored where `expected` points to. */
function tryCompareAndExchange(m: Machine, at: Value, bytes: Bytes, expected: Value, wanted: Value): Value {
  const before = read(m, expected, bytes);
  const old = compareAndExchange(m, at, bytes, before, wanted);
  if (old === before) return 1;
  m.store(expected, bytes, old);
  return 0;
}

function family(prefix: string, bytes: Bytes): IntrinsicTable {
  const bits = bytes * 8;
  const binary = Object.entries(operations).map(([name, operation]) =>
    arithmetic(prefix, name, (m, call) => update(m, given(call, 1), bytes, given(call, 0), operation)),
  );
  const unary = Object.entries(steps).map(([name, operation]) =>
    arithmetic(prefix, name, (m, call) => update(m, given(call, 0), bytes, 0, operation)),
  );
  const guarded = conditional.map(([name, operation, holds]) => {
    const intrinsic: IntrinsicBody = (m, call) => {
      const old = read(m, given(call, 0), bytes);
      if (isIndeterminate(old) || !holds(old)) return 0;
      update(m, given(call, 0), bytes, 0, operation);
      return 1;
    };
    return ordered(`${prefix}_${name}`, intrinsic);
  });
  /** Adds unless the value is the third argument; what the value was. */
  const addUnless = (m: Machine, call: IntrinsicCall): Value => {
    const old = read(m, given(call, 0), bytes);
    if (old !== converted(given(call, 2), bits, true)) update(m, given(call, 0), bytes, given(call, 1), (a, b) => a + b);
    return old;
  };
  return joined(
    ...binary,
    ...unary,
    ...guarded,
    ordered(`${prefix}_read`, (m, call) => read(m, given(call, 0), bytes), ['', '_acquire']),
    ordered(`${prefix}_set`, (m, call) => m.store(given(call, 0), bytes, converted(given(call, 1), bits, true)), ['', '_release']),
    ordered(`${prefix}_xchg`, (m, call) => update(m, given(call, 0), bytes, given(call, 1), (_old, wanted) => wanted).old),
    ordered(`${prefix}_cmpxchg`, (m, call) => compareAndExchange(m, given(call, 0), bytes, given(call, 1), given(call, 2))),
    ordered(`${prefix}_try_cmpxchg`, (m, call) => tryCompareAndExchange(m, given(call, 0), bytes, given(call, 1), given(call, 2))),
    ordered(`${prefix}_fetch_add_unless`, addUnless),
    ordered(`${prefix}_add_unless`, (m, call) => truth(addUnless(m, call) !== converted(given(call, 2), bits, true))),
    {
      /** The old value less 1, which is stored unless it is negative. */
      [`${prefix}_dec_if_positive`](m, call) {
        const now = computed(bits, true, read(m, given(call, 0), bytes), 1, (old, one) => old - one);
        if (now >= 0) m.store(given(call, 0), bytes, now);
        return now;
      },
    },
  );
}

const spinlock = lockFor('atomic_dec_and_lock');

/** 1 with the lock held where the count became 0 (lib/dec_and_lock.c). */
const dropAndLock: IntrinsicBody = (m, call) => {
  const at = given(call, 0);
  const last = read(m, at, 4) === 1;
  if (last && spinlock.take(m, call, 1) === blocked) return blocked;
  update(m, at, 4, 1, (old, one) => old - one);
  return truth(last);
};

/** `try_cmpxchg()` of a plain variable, as wide as what argument 0 points to. */
const tryPlain: IntrinsicBody = (m, call) => {
  const type = call.types[0];
  const size = type ? call.sizeOf(type) : undefined;
  if (size !== 4 && size !== 8) m.assume('type', call.texts[0] ?? '', 'points to 8 bytes');
  return tryCompareAndExchange(m, given(call, 0), size === 4 ? 4 : 8, given(call, 1), given(call, 2));
};

const barriers = `smp_mb smp_rmb smp_wmb mb rmb wmb barrier smp_mb__before_atomic smp_mb__after_atomic smp_mb__after_spinlock
  smp_mb__after_unlock_lock smp_acquire__after_ctrl_dep smp_read_barrier_depends cpu_relax cpu_relax_lowlatency dma_wmb dma_rmb`;

/** Atomic counters and barriers. */
export const atomics = joined(
  family('atomic', 4),
  family('atomic64', 8),
  family('atomic_long', 8),
  each('atomic_dec_and_lock atomic_dec_and_lock_irqsave', () => dropAndLock),
  ordered('try_cmpxchg', tryPlain),
  each(barriers, () => nothing),
);
