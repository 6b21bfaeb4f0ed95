// Accesses and exchanges that other threads may see, and what orders them.
import { any, zero } from '../contract.js';
import { operand } from '../../program/lowering/call.js';
import type { MacroLowering } from '../../program/lowering/api.js';
import { number } from '../../program/lowering/expression.js';
import { deref, lowerPlace } from '../../program/lowering/place.js';
import { typeOf } from '../../program/lowering/value-types.js';
import { value } from '../macro.js';
import { argument, escape, one, outcome, returnsNothing, returnsValue, row, write } from '../rows.js';
import { macros, type Topic } from '../topic.js';

const readOnce: MacroLowering = (l, e) => {
  const place = lowerPlace(l, operand(l, e, 0));
  return l.saved(place, typeOf(l, place), e.span, true);
};

/** A place that is read on purpose while others write it; anything else is what it stands for. */
const dataRace: MacroLowering = (l, e, want, name) => {
  const { kind } = operand(l, e, 0);
  return kind === 'identifier' || kind === 'field' || kind === 'index' ? readOnce(l, e, want, name) : undefined;
};

const writeOnce: MacroLowering = (l, e) => {
  const place = lowerPlace(l, operand(l, e, 0));
  const stored = value(l, e, 1);
  l.assign(place, stored, e.span, true);
  return stored;
};

const loadAcquire: MacroLowering = (l, e) => {
  const place = deref(value(l, e, 0), e.span);
  return l.saved(place, typeOf(l, place), e.span, true);
};

const storeRelease: MacroLowering = (l, e) => {
  const place = deref(value(l, e, 0), e.span);
  const stored = value(l, e, 1);
  l.assign(place, stored, e.span, true);
  return stored;
};

const exchange: MacroLowering = (l, e) => {
  const place = deref(value(l, e, 0), e.span);
  const stored = value(l, e, 1);
  const old = l.saved(place, typeOf(l, place), e.span, true);
  l.assign(place, stored, e.span, true);
  return old;
};

const compareExchange: MacroLowering = (l, e) => {
  const place = deref(value(l, e, 0), e.span);
  const expected = value(l, e, 1);
  const stored = value(l, e, 2);
  const old = l.saved(place, typeOf(l, place), e.span, true);
  const yes = l.target();
  const after = l.target();
  l.branch({ kind: 'binary', operator: '==', left: old, right: expected, span: e.span }, yes, after, 'conditional', e.span);
  l.builder.begin(yes.block);
  l.assign(place, stored, e.span, true);
  l.builder.goto(after.block, e.span);
  l.builder.begin(after.block);
  return old;
};

const swap: MacroLowering = (l, e) => {
  const a = lowerPlace(l, operand(l, e, 0));
  const b = lowerPlace(l, operand(l, e, 1));
  const old = l.saved(a, typeOf(l, a), e.span);
  l.assign(a, b, e.span);
  l.assign(b, old, e.span);
  return number(0, e.span);
};

export const ordering: Topic = {
  contracts: [
    ...returnsNothing(
      'smp_mb smp_rmb smp_wmb mb rmb wmb barrier smp_mb__before_atomic smp_mb__after_atomic cpu_relax',
      'include/asm-generic/barrier.h',
    ),
    ...returnsValue('READ_ONCE smp_load_acquire data_race', 'include/asm-generic/rwonce.h'),
    ...row('WRITE_ONCE', [outcome('success', null, [write(argument(0)), escape(argument(1))])], 'include/asm-generic/rwonce.h'),
    ...row(
      'smp_store_release smp_store_mb',
      [outcome('success', null, [write(argument(0, '*')), escape(argument(1))])],
      'include/asm-generic/barrier.h',
      { dereferences: [0] },
    ),
    ...row('xchg', [outcome('success', any, [write(argument(0, '*')), escape(argument(1))])], 'include/linux/atomic.h: the old value', {
      dereferences: [0],
    }),
    ...row(
      'cmpxchg cmpxchg64 cmpxchg_relaxed',
      [outcome('success', any, [write(argument(0, '*')), escape(argument(2))])],
      'include/linux/atomic.h: the old value; stored where that was argument 1',
      { dereferences: [0] },
    ),
    ...row(
      'try_cmpxchg',
      [outcome('stored', one, [write(argument(0, '*')), escape(argument(2))]), outcome('not stored', zero, [write(argument(1, '*'))])],
      'include/linux/atomic.h',
      { dereferences: [0, 1] },
    ),
    ...row('swap', [outcome('success', null, [write(argument(0)), write(argument(1))])], 'include/linux/minmax.h'),
  ],
  transparent: 'data_race',
  macros: macros({
    'READ_ONCE READ_ONCE_NOCHECK __READ_ONCE ACCESS_ONCE': readOnce,
    data_race: dataRace,
    'WRITE_ONCE __WRITE_ONCE smp_store_mb': writeOnce,
    smp_load_acquire: loadAcquire,
    smp_store_release: storeRelease,
    'xchg xchg_relaxed xchg_acquire xchg_release': exchange,
    'cmpxchg cmpxchg_relaxed cmpxchg_acquire cmpxchg_release': compareExchange,
    swap,
  }),
};
