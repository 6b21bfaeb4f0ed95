// refcount_t and struct kref, with the saturation and the warnings of include/linux/refcount.h and lib/refcount.c.
import { lockFor, type LockOf } from './lock.js';
import { blocked, type IntrinsicTable, type Machine, type Value } from './machine.js';
import { each, given, int, isIndeterminate, joined, type IntrinsicBody } from './values.js';

/** REFCOUNT_SATURATED: INT_MIN / 2, half way between overflow and zero, which no count reaches by itself. */
const saturated = -0x40000000;

const warnings = {
  overflow: 'saturated; leaking memory',
  resurrected: 'addition on 0; use-after-free',
  underflow: 'underflow; use-after-free',
  'hit zero': 'decrement hit 0; leaking memory',
} as const;

const read = (m: Machine, count: Value): number => Number(m.load(count, 4, true));
const write = (m: Machine, count: Value, value: number): void => m.store(count, 4, isIndeterminate(value) ? NaN : value | 0);

function warn(m: Machine, count: Value, warning: keyof typeof warnings): void {
  write(m, count, saturated);
  m.report('refcount', `refcount_t: ${warnings[warning]}`, { goesOn: true });
}

function add(m: Machine, count: Value, amount: number): void {
  const old = read(m, count);
  write(m, count, old + amount);
  if (old === 0) warn(m, count, 'resurrected');
  else if (old < 0 || ((old + amount) | 0) < 0) warn(m, count, 'overflow');
}

/** Whether it was not 0. Where the sum is above `limit` nothing is done, and the answer is no. */
function addUnlessZero(m: Machine, count: Value, amount: number, limit?: number): boolean {
  const old = read(m, count);
  if (old === 0 || isIndeterminate(old)) return false;
  if (limit !== undefined && amount > limit - old) return false;
  write(m, count, old + amount);
  if (old < 0 || ((old + amount) | 0) < 0) warn(m, count, 'overflow');
  return true;
}

/** Whether it became 0. */
function subtract(m: Machine, count: Value, amount: number): boolean {
  const old = read(m, count);
  write(m, count, old - amount);
  if (old > 0 && old === amount) return true;
  if (old <= 0 || ((old - amount) | 0) < 0) warn(m, count, 'underflow');
  return false;
}

/** Drops one unless it is the last; says whether it is done with: dropped, saturated, or none left to drop. */
function dropUnlessLast(m: Machine, count: Value): boolean {
  const old = read(m, count);
  if (old === 1) return false;
  if (old === saturated) return true;
  if (old === 0) m.report('refcount', `refcount_t: ${warnings.underflow}`, { goesOn: true });
  else write(m, count, old - 1);
  return true;
}

/** 1 with the lock held where the count became 0. */
const dropAndLock = (lock: LockOf): IntrinsicBody => {
  return (m, call) => {
    const count = given(call, 0);
    if (dropUnlessLast(m, count)) return 0;
    if (lock.take(m, call, 1) === blocked) return blocked;
    if (subtract(m, count, 1)) return 1;
    lock.drop(m, call, 1);
    return 0;
  };
};

const inc: IntrinsicBody = (m, call) => add(m, given(call, 0), 1);
const incUnlessZero: IntrinsicBody = (m, call) => (addUnlessZero(m, given(call, 0), 1) ? 1 : 0);
/** An unsigned int, though the count is signed inside. */
const value: IntrinsicBody = (m, call) => m.load(given(call, 0), 4, false);

const counts: IntrinsicTable = joined(
  each('refcount_set refcount_set_release', () => (m, call) => write(m, given(call, 0), int(call, 1))),
  each('refcount_read kref_read', () => value),
  each('refcount_inc kref_get', () => inc),
  each('refcount_inc_not_zero refcount_inc_not_zero_acquire kref_get_unless_zero', () => incUnlessZero),
  {
    kref_init: (m, call) => write(m, given(call, 0), 1),
    refcount_add: (m, call) => add(m, given(call, 1), int(call, 0)),
    refcount_sub_and_test: (m, call) => (subtract(m, given(call, 1), int(call, 0)) ? 1 : 0),
    refcount_dec_and_test: (m, call) => (subtract(m, given(call, 0), 1) ? 1 : 0),
    refcount_dec(m, call) {
      const old = read(m, given(call, 0));
      write(m, given(call, 0), old - 1);
      if (old <= 1) warn(m, given(call, 0), 'hit zero');
    },
    refcount_dec_if_one(m, call) {
      if (read(m, given(call, 0)) !== 1) return 0;
      write(m, given(call, 0), 0);
      return 1;
    },
    refcount_dec_not_one: (m, call) => (dropUnlessLast(m, given(call, 0)) ? 1 : 0),
  },
  each('refcount_add_not_zero refcount_add_not_zero_acquire', () => (m, call) => (addUnlessZero(m, given(call, 1), int(call, 0)) ? 1 : 0)),
);

/** These also store what the count (argument 0) was through their second argument, unless that is NULL. */
const withOld = (plain: IntrinsicBody): IntrinsicBody => {
  return (m, call) => {
    const old = m.load(given(call, 0), 4, true);
    if (given(call, 1) !== 0) m.store(given(call, 1), 4, old);
    return plain(m, call);
  };
};

const underscored: IntrinsicTable = joined(
  each('__refcount_inc', () => withOld(inc)),
  each('__refcount_inc_not_zero __refcount_inc_not_zero_acquire', () => withOld(incUnlessZero)),
  {
    __refcount_inc_not_zero_limited_acquire: withOld((m, call) => (addUnlessZero(m, given(call, 0), 1, int(call, 2)) ? 1 : 0)),
    __refcount_dec_and_test: withOld((m, call) => (subtract(m, given(call, 0), 1) ? 1 : 0)),
  },
);

/** refcount_t and kref; kref_put() calls a function and is C. */
export const refcounts = joined(counts, underscored, {
  refcount_dec_and_lock: dropAndLock(lockFor('refcount_dec_and_lock')),
  refcount_dec_and_lock_irqsave: dropAndLock(lockFor('refcount_dec_and_lock_irqsave')),
  refcount_dec_and_mutex_lock: dropAndLock(lockFor('refcount_dec_and_mutex_lock')),
});
