// Counts inside objects: the primitives that take, drop and read them. Who frees the object afterwards is the caller's code.
import { booleanType, intType } from '../../program/types.js';
import type { Topic } from '../topic.js';
import { zero } from '../contract.js';
import {
  acquire,
  argument,
  holder,
  one,
  outcome,
  release,
  releaseAnswering,
  returnsBoolean,
  returnsCount,
  returnsNothing,
  returnsValue,
  row,
  setCount,
  takesUnlessDead,
} from '../rows.js';

const refcount = 'include/linux/refcount.h';
const kref = 'include/linux/kref.h';

const drops = [
  outcome('last reference', one, [releaseAnswering(holder(0), true)]),
  outcome('others remain', zero, [releaseAnswering(holder(0), false)]),
];

/** As above, but the object is gone already where 1 is returned: the callback destroyed it. */
const dropsAndDestroys = [
  outcome('last reference', one, [release('counted', holder(0))]),
  outcome('others remain', zero, [release('counted', holder(0))]),
];

export const counting: Topic = {
  contracts: [
    ...row('refcount_set refcount_set_release', [outcome('set', null, [setCount(argument(0), argument(1))])], refcount, {
      dereferences: [0],
    }),
    ...row('refcount_inc', [outcome('success', null, [acquire('counted', holder(0))])], refcount, { dereferences: [0] }),
    ...takesUnlessDead('refcount_inc_not_zero refcount_inc_not_zero_acquire', 'counted', holder(0), refcount),
    ...row('refcount_dec_and_test', drops, refcount, { dereferences: [0] }),
    ...row(
      'refcount_dec_and_lock refcount_dec_and_mutex_lock refcount_dec_and_lock_irqsave',
      drops,
      `${refcount}, lib/refcount.c: the lock is held where 1 is returned`,
      { dereferences: [0, 1], clobbers: 'all' },
    ),
    ...row('refcount_dec', [outcome('others remain', null, [release('counted', holder(0))])], `${refcount}: warns where it was the last`, {
      dereferences: [0],
    }),
    ...row(
      'refcount_dec_if_one',
      [outcome('last reference', one, [releaseAnswering(holder(0), true)]), outcome('others remain', zero)],
      refcount,
      { dereferences: [0] },
    ),
    ...row(
      'refcount_dec_not_one',
      [outcome('others remain', one, [releaseAnswering(holder(0), false)]), outcome('it is the last', zero)],
      refcount,
      { dereferences: [0] },
    ),
    ...returnsCount('refcount_read', refcount, { dereferences: [0], readsCount: true }),
    // Several at once: how many is not known here, so no reference moves.
    ...returnsNothing('refcount_add', refcount, { dereferences: [1] }),
    ...returnsBoolean('refcount_add_not_zero refcount_sub_and_test', refcount, { dereferences: [1] }),

    ...row('kref_init', [outcome('set', null, [setCount(argument(0), 1)])], kref, { dereferences: [0] }),
    ...row('kref_get', [outcome('success', null, [acquire('counted', holder(0))])], kref, { dereferences: [0] }),
    ...takesUnlessDead('kref_get_unless_zero', 'counted', holder(0), kref),
    ...row('kref_put', dropsAndDestroys, `${kref}: argument 1 is called with the kref where it was the last`, {
      dereferences: [0],
      clobbers: 'all',
    }),
    ...row('kref_put_mutex kref_put_lock', dropsAndDestroys, kref, { dereferences: [0, 2], clobbers: 'all' }),
    ...returnsCount('kref_read', kref, { dereferences: [0], readsCount: true }),

    // An atomic_t may count references or anything else; a row can't tell, so these own nothing.
    ...returnsValue(
      `atomic_read atomic_read_acquire atomic64_read atomic_long_read
     atomic_fetch_inc atomic_fetch_dec atomic_fetch_and atomic_fetch_or atomic64_fetch_or
     atomic_inc_return atomic_dec_return atomic64_inc_return atomic64_dec_return
     atomic_long_inc_return atomic_long_dec_return atomic_dec_if_positive atomic_cmpxchg atomic_xchg`,
      'include/linux/atomic/atomic-instrumented.h',
      { dereferences: [0] },
    ),
    ...returnsValue(
      'atomic_fetch_add atomic_fetch_sub atomic_add_return atomic_sub_return atomic64_add_return atomic64_sub_return',
      'include/linux/atomic/atomic-instrumented.h',
      { dereferences: [1] },
    ),
    ...returnsBoolean(
      `atomic_inc_not_zero atomic_dec_and_test atomic_inc_and_test atomic_add_unless atomic_inc_unless_negative
     atomic_dec_unless_positive atomic64_dec_and_test atomic64_inc_not_zero atomic_long_dec_and_test atomic_long_inc_not_zero
     atomic_dec_and_lock atomic_try_cmpxchg`,
      'include/linux/atomic/atomic-instrumented.h',
      { dereferences: [0] },
    ),
    ...returnsBoolean('atomic_sub_and_test atomic_add_negative', 'include/linux/atomic/atomic-instrumented.h', { dereferences: [1] }),
    ...returnsNothing(
      `atomic_set atomic_set_release atomic64_set atomic_long_set atomic_inc atomic_dec atomic64_inc atomic64_dec atomic_long_inc
     atomic_long_dec`,
      'include/linux/atomic/atomic-instrumented.h',
      { dereferences: [0] },
    ),
    ...returnsNothing(
      'atomic_add atomic_sub atomic64_add atomic64_sub atomic_or atomic_and atomic_andnot atomic_long_add atomic_long_sub',
      'include/linux/atomic/atomic-instrumented.h',
      { dereferences: [1] },
    ),
  ],
  returns: [
    [booleanType, 'refcount_dec_and_test refcount_inc_not_zero kref_put kref_get_unless_zero atomic_dec_and_test atomic_inc_not_zero'],
    [intType, 'atomic_read refcount_read kref_read'],
  ],
};
