// struct xarray (include/linux/xarray.h, lib/xarray.c) and the radix tree, which it replaced: entries by unsigned long.
import { entry, freeId, idFrom, isEmpty, removeAll, removeEntry, setEntry, successor } from './entries.js';
import { lockFor, sectionOf } from './lock.js';
import { blocked, type IntrinsicCall, type IntrinsicTable, type Machine, type Value } from './machine.js';
import { allocationFails, mayReclaim } from './slab.js';
import { recordOf } from './types.js';
import {
  computed,
  each,
  errno,
  given,
  int,
  isIndeterminate,
  joined,
  maximumErrno,
  plus,
  unsignedLong,
  written,
  type IntrinsicBody,
} from './values.js';

/** XA_FLAGS_TRACK_FREE and XA_FLAGS_ZERO_BUSY: ids are given out, and 0 is not one of them. */
const trackFree = 4;
const zeroBusy = 8;
/** XA_PRESENT: any entry, not those with a mark. */
const present = 8;
/** XA_ZERO_ENTRY, xa_mk_internal(257): NULL, but in use. */
const reserved = 1030;
const marks = [0, 1, 2];

const internal = (value: number): number => value * 4 + 2;
const failure = (error: number): Value => internal(-error);
const isFailure = (pointer: Value): boolean => pointer < 0 && pointer >= internal(-maximumErrno) && Number(pointer) % 4 === -2;
const flagsOf = (m: Machine, xa: Value): number => Number(m.hidden(xa, 'flags') ?? 0);
const markOf = (mark: number, index: Value): string => `mark ${mark} ${index}`;
/** NULL where nothing or only a reservation is. */
const seen = (found: Value | undefined): Value => (found === undefined || found === reserved ? 0 : found);

// ---- what is done under the lock -----------------------------------------------------------------------------------

function remove(m: Machine, xa: Value, index: Value): Value {
  for (const mark of marks) if (m.hidden(xa, markOf(mark, index)) !== undefined) m.setHidden(xa, markOf(mark, index), undefined);
  return seen(removeEntry(m, xa, index));
}

/** NULL takes the entry out, but stays a reservation where free ids are tracked. */
function put(m: Machine, xa: Value, index: Value, value: Value): void {
  const stored = value === 0 && (flagsOf(m, xa) & trackFree) !== 0 ? reserved : value;
  if (stored === 0) remove(m, xa, index);
  else setEntry(m, xa, index, stored);
}

/** A form without lock drops the caller's while it allocates, if the flags let it sleep (__xas_nomem()). */
function reclaim(m: Machine, name: string, xa: Value, gfp: number): void {
  const dropped = name.startsWith('__') && m.holds(xa);
  if (dropped) m.leaveAtomic(sectionOf('xa_lock'));
  mayReclaim(m, gfp, `${name}()`);
  if (dropped) m.enterAtomic(sectionOf('xa_lock'));
}

/** Whether memory for a place that is not there yet can't be had. */
function noMemory(m: Machine, name: string, xa: Value, call: IntrinsicCall, value: Value, gfp: number): boolean {
  reclaim(m, name, xa, gfp);
  const index = unsignedLong(call, 1);
  return value !== 0 && entry(m, xa, index) === undefined && allocationFails(m, gfp, name);
}

type Body = (m: Machine, xa: Value, call: IntrinsicCall, name: string) => Value | undefined;

const store: Body = (m, xa, call, name) => {
  const [index, value] = [unsignedLong(call, 1), given(call, 2)];
  if (noMemory(m, name, xa, call, value, int(call, 3))) return failure(errno.ENOMEM);
  const old = seen(entry(m, xa, index));
  put(m, xa, index, value);
  return old;
};

const compareAndExchange: Body = (m, xa, call, name) => {
  const [index, value] = [unsignedLong(call, 1), given(call, 3)];
  const old = seen(entry(m, xa, index));
  if (old !== given(call, 2)) return old;
  if (noMemory(m, name, xa, call, value, int(call, 4))) return failure(errno.ENOMEM);
  put(m, xa, index, value);
  return old;
};

/** -EBUSY also where there is but a reservation; NULL becomes one. */
const insert: Body = (m, xa, call, name) => {
  const [index, value] = [unsignedLong(call, 1), given(call, 2) === 0 ? reserved : given(call, 2)];
  if (entry(m, xa, index) !== undefined) return -errno.EBUSY;
  if (noMemory(m, name, xa, call, value, int(call, 3))) return -errno.ENOMEM;
  setEntry(m, xa, index, value);
  return 0;
};

const erase: Body = (m, xa, call) => remove(m, xa, unsignedLong(call, 1));

/** `struct xa_limit`, passed by value as argument 3: where it lies, the maximum comes first. */
function limits(m: Machine, call: IntrinsicCall): readonly [minimum: Value, maximum: Value] {
  const offset = (member: string, otherwise: number): number => call.offsetOf(recordOf('xa_limit'), member) ?? otherwise;
  const address = given(call, 3);
  return [m.load(plus(address, offset('min', 4)), 4, false), m.load(plus(address, offset('max', 0)), 4, false)];
}

/** 0 with the id in `*id` before the entry can be found there, -EBUSY where the range is full, or -ENOMEM. */
function allocate(m: Machine, name: string, xa: Value, call: IntrinsicCall, from: Value, to: Value, gfp: number): number {
  const flags = flagsOf(m, xa);
  if ((flags & trackFree) === 0) {
    m.report('warning', `${name}(${written(call, 0)}): not initialised with XA_FLAGS_ALLOC`, { goesOn: true });
    return -errno.EINVAL;
  }
  reclaim(m, name, xa, gfp);
  const id = freeId(m, xa, (flags & zeroBusy) !== 0 && from < 1 ? 1 : from, to);
  if (id === undefined) return -errno.EBUSY;
  if (allocationFails(m, gfp, name)) return -errno.ENOMEM;
  m.store(given(call, 1), 4, id);
  setEntry(m, xa, id, given(call, 2) === 0 ? reserved : given(call, 2));
  return 0;
}

const allocateId: Body = (m, xa, call, name) => allocate(m, name, xa, call, ...limits(m, call), int(call, 4));

/** 1 where the ids began anew, which the next call tells if the last one took the highest. */
const allocateCyclic: Body = (m, xa, call, name) => {
  const [minimum, maximum] = limits(m, call);
  const next = given(call, 4);
  const from = m.load(next, 4, false);
  let result = allocate(m, name, xa, call, from > minimum ? from : minimum, maximum, int(call, 5));
  if (result === 0 && m.hidden(xa, 'wrapped') !== undefined) {
    m.setHidden(xa, 'wrapped', undefined);
    result = 1;
  }
  if (result < 0 && from > minimum) {
    result = allocate(m, name, xa, call, minimum, maximum, int(call, 5));
    if (result === 0) result = 1;
  }
  if (result < 0) return result;
  const after = computed(32, false, m.load(given(call, 1), 4, false), 1, (a, b) => a + b);
  m.store(next, 4, after);
  if (after === 0) m.setHidden(xa, 'wrapped', 1);
  return result;
};

const setsMark = (value: 1 | undefined): Body => {
  return (m, xa, call) => {
    const index = unsignedLong(call, 1);
    if (value === undefined || entry(m, xa, index) !== undefined) m.setHidden(xa, markOf(int(call, 2), index), value);
    return undefined;
  };
};

// ---- forms ---------------------------------------------------------------------------------------------------------

/** Without a lock: those that change something need the caller's. */
const plain = (name: string, body: Body): IntrinsicBody => {
  const changes = /^(__xa_|radix_tree_(insert|delete))/.test(name);
  const looks = name === 'radix_tree_lookup';
  return (m, call) => {
    if (!m.usable(given(call, 0), `${name}()`)) return 0;
    if (changes || looks) m.goesInto(given(call, 0), 'index', changes ? 'changes' : 'looks', `${name}()`);
    return body(m, given(call, 0), call, name);
  };
};

/** With the lock of the xarray, which is its address. */
const locked = (name: string, body: Body): IntrinsicBody => {
  const run = plain(name, body);
  return (m, call) => {
    const what = `${name}(${written(call, 0)})`;
    if (m.acquire(given(call, 0), 'exclusive', what) === blocked) return blocked;
    const result = run(m, call);
    m.release(given(call, 0), 'exclusive', what);
    return result;
  };
};

/** `xa_x`, `xa_x_bh` and `xa_x_irq` take the lock, for `__xa_x` the caller holds it. */
const forms = (name: string, body: Body): IntrinsicTable =>
  joined(
    each(`xa_${name} xa_${name}_bh xa_${name}_irq`, (each) => locked(each, body)),
    { [`__xa_${name}`]: plain(`__xa_${name}`, body) },
  );

const writing: IntrinsicTable = joined(
  forms('store', store),
  forms('erase', erase),
  forms('insert', insert),
  forms('cmpxchg', compareAndExchange),
  forms('alloc', allocateId),
  forms('set_mark', setsMark(1)),
  forms('clear_mark', setsMark(undefined)),
  { __xa_alloc_cyclic: plain('__xa_alloc_cyclic', allocateCyclic) },
  // In 7.2 only the form without the lock tells that the ids began anew; in 6.12 these do, too.
  each('xa_alloc_cyclic xa_alloc_cyclic_bh xa_alloc_cyclic_irq', (name) =>
    locked(name, (m, xa, call) => {
      const result = allocateCyclic(m, xa, call, name);
      return result === 1 ? 0 : result;
    }),
  ),
);

/** The first entry from `from` to `maximum` that has the mark, or is there; its index is stored. NULL at the end. */
function find(m: Machine, xa: Value, at: Value, from: Value, maximum: Value, filter: number): Value {
  for (let index = idFrom(m, xa, from); index !== undefined && index <= maximum; index = idFrom(m, xa, successor(index))) {
    const found = seen(entry(m, xa, index));
    if (found === 0 || (filter !== present && m.hidden(xa, markOf(filter, index)) === undefined)) continue;
    m.store(at, 8, index);
    return found;
  }
  return 0;
}

const maximumIndex = 0xffffffffffffffffn;

const reading: IntrinsicTable = joined(
  each('xa_load', (name) => plain(name, (m, xa, call) => seen(entry(m, xa, unsignedLong(call, 1))))),
  each('xa_empty', (name) => plain(name, (m, xa) => (isEmpty(m, xa) ? 1 : 0))),
  each('xa_get_mark', (name) =>
    plain(name, (m, xa, call) => (m.hidden(xa, markOf(int(call, 2), unsignedLong(call, 1))) === undefined ? 0 : 1)),
  ),
  each('xa_find', (name) =>
    plain(name, (m, xa, call) => find(m, xa, given(call, 1), m.load(given(call, 1), 8, false), unsignedLong(call, 2), int(call, 3))),
  ),
  each('xa_find_after', (name) =>
    plain(name, (m, xa, call) => {
      const from = successor(m.load(given(call, 1), 8, false));
      // After the highest index there is none.
      return from === 0 || isIndeterminate(from) ? 0 : find(m, xa, given(call, 1), from, unsignedLong(call, 2), int(call, 3));
    }),
  ),
  // `void *__sim_xa_next(struct xarray *, unsigned long *index)`: the entry with the smallest index of at least `*index`.
  each('__sim_xa_next', (name) =>
    plain(name, (m, xa, call) => find(m, xa, given(call, 1), m.load(given(call, 1), 8, false), maximumIndex, present)),
  ),
);

const initialise = (flags: (call: IntrinsicCall) => number): IntrinsicBody => {
  return (m, call) => {
    const xa = given(call, 0);
    if (!m.usable(xa, 'xa_init()')) return;
    removeAll(m, xa);
    m.setHidden(xa, 'flags', flags(call));
  };
};

const xaLock = lockFor('xa_lock');

const lifetime: IntrinsicTable = joined(
  each('xa_init DEFINE_XARRAY', () => initialise(() => 0)),
  each('xa_init_flags DEFINE_XARRAY_FLAGS', () => initialise((call) => int(call, 1))),
  each('DEFINE_XARRAY_ALLOC', () => initialise(() => trackFree)),
  each('DEFINE_XARRAY_ALLOC1', () => initialise(() => trackFree | zeroBusy)),
  {
    xa_destroy: locked('xa_destroy', (m, xa) => {
      for (let index = idFrom(m, xa, 0); index !== undefined; index = idFrom(m, xa, 0)) remove(m, xa, index);
      return undefined;
    }),
  },
  each('xa_lock xa_lock_bh xa_lock_irq xa_lock_irqsave', () => (m, call) => (xaLock.take(m, call, 0) === blocked ? blocked : undefined)),
  each('xa_trylock', () => (m, call) => (xaLock.tryTake(m, call, 0) ? 1 : 0)),
  each('xa_unlock xa_unlock_bh xa_unlock_irq xa_unlock_irqrestore', () => (m, call) => xaLock.drop(m, call, 0)),
);

/** Entries that are no pointers: integers have their lowest bit set, errors are internal entries. */
const tagged: IntrinsicTable = joined({
  xa_mk_value: (_m, call) => computed(64, true, given(call, 0), 1, (value, one) => (value << one) | one),
  xa_to_value: (_m, call) => computed(64, false, unsignedLong(call, 0), 1, (value, one) => value >> one),
  xa_is_value: (_m, call) => computed(64, true, given(call, 0), 1, (value, one) => value & one),
  xa_is_err: (_m, call) => (isFailure(given(call, 0)) ? 1 : 0),
  xa_err: (_m, call) => (isFailure(given(call, 0)) ? computed(32, true, given(call, 0), 2, (value, two) => value >> two) : 0),
});

const radixTree: IntrinsicTable = joined({
  INIT_RADIX_TREE: initialise(() => 0),
  radix_tree_lookup: plain('radix_tree_lookup', (m, tree, call) => seen(entry(m, tree, unsignedLong(call, 1)))),
  radix_tree_delete: plain('radix_tree_delete', erase),
  // What it may allocate with was stated at its initialisation, or preloaded.
  radix_tree_insert: plain('radix_tree_insert', (m, tree, call, name) => {
    if (entry(m, tree, unsignedLong(call, 1)) !== undefined) return -errno.EEXIST;
    if (m.fails(name)) return -errno.ENOMEM;
    setEntry(m, tree, unsignedLong(call, 1), given(call, 2));
    return 0;
  }),
});

/** xarray and radix tree. */
export const xarrays = joined(writing, reading, lifetime, tagged, radixTree);
