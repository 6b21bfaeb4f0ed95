// idr and ida (include/linux/idr.h, lib/idr.c): which id is given out, what is found under it, and which calls may fail.
import { entry, freeId, idFrom, isEmpty, removeAll, removeEntry, setEntry } from './entries.js';
import type { IntrinsicCall, IntrinsicTable, Machine, Value } from './machine.js';
import { allocationFails, mayReclaim } from './slab.js';
import { converted, each, errno, given, int, joined, nothing, u32 } from './values.js';

const intMaximum = 0x7fffffff;

/** What kind of index lives there: set by its initialisation, and wiped with its memory. */
const ready = 'initialised';
const base = 'base';
const cursor = 'cursor';

type Body = (m: Machine, idr: Value, call: IntrinsicCall) => Value | undefined;

/** An operation on the index that argument 0 points to; `otherwise` is answered where there is none. `mode` is null where it has locks of its own. */
function onIndex(name: string, mode: 'changes' | 'looks' | null, otherwise: Value, run: Body): IntrinsicTable {
  const what = name.startsWith('__sim_') ? 'a walk over the idr' : `${name}()`;
  return joined({
    [name]: (m, call) => {
      if (!m.usable(given(call, 0), what)) return otherwise;
      if (mode !== null) m.goesInto(given(call, 0), 'index', mode, what);
      return run(m, given(call, 0), call);
    },
  });
}

const baseOf = (m: Machine, idr: Value): number => Number(m.hidden(idr, base) ?? 0);

function initialise(m: Machine, idr: Value, from: number): void {
  removeAll(m, idr);
  m.setHidden(idr, ready, 1);
  m.setHidden(idr, base, from === 0 ? undefined : from);
  m.setHidden(idr, cursor, undefined);
}

/** Stores `value` under the first free id of a range; the id, -ENOMEM or -ENOSPC. */
function allocate(m: Machine, name: string, idr: Value, value: Value, from: number, to: number, gfp: number): number {
  if (m.hidden(idr, ready) === undefined) {
    m.report('warning', `${name}(): the idr was never initialised`, { goesOn: true });
    m.setHidden(idr, ready, 1);
  }
  mayReclaim(m, gfp, `${name}()`);
  const id = freeId(m, idr, Math.max(from, baseOf(m, idr)), to);
  if (id === undefined) return -errno.ENOSPC;
  if (allocationFails(m, gfp, name)) return -errno.ENOMEM;
  setEntry(m, idr, id, value);
  return Number(id);
}

/** `idr_alloc(idr, pointer, start, end, gfp)`: an `end` of 0 or less is none. */
function range(call: IntrinsicCall): readonly [from: number, to: number] {
  return [int(call, 2), int(call, 3) > 0 ? int(call, 3) - 1 : intMaximum];
}

/** The entry with the smallest id of at least `*id` that is not NULL, whose id is stored there; NULL at the end. */
function next(m: Machine, idr: Value, at: Value): Value {
  for (let id = idFrom(m, idr, m.load(at, 4, true)); id !== undefined && id <= intMaximum; id = idFrom(m, idr, Number(id) + 1)) {
    const found = entry(m, idr, id) ?? 0;
    if (found === 0) continue;
    m.store(at, 4, id);
    return found;
  }
  return 0;
}

const idrs: IntrinsicTable = joined(
  each('idr_init DEFINE_IDR', () => (m, call) => {
    if (m.usable(given(call, 0), 'idr_init()')) initialise(m, given(call, 0), 0);
  }),
  onIndex('idr_init_base', 'changes', 0, (m, idr, call) => {
    initialise(m, idr, int(call, 1));
    return undefined;
  }),
  onIndex('idr_alloc', 'changes', -errno.ENOMEM, (m, idr, call) => {
    const [from, to] = range(call);
    if (from < 0) {
      m.report('warning', 'idr_alloc(): a negative start', { goesOn: true });
      return -errno.EINVAL;
    }
    return allocate(m, 'idr_alloc', idr, given(call, 1), from, to, int(call, 4));
  }),
  // From the id after the last that was given out, then once more from the start.
  onIndex('idr_alloc_cyclic', 'changes', -errno.ENOMEM, (m, idr, call) => {
    const [from, to] = range(call);
    const begin = Math.max(Number(converted(m.hidden(idr, cursor) ?? 0, 32, true)), from);
    let id = allocate(m, 'idr_alloc_cyclic', idr, given(call, 1), begin, to, int(call, 4));
    if (id === -errno.ENOSPC && begin > from) id = allocate(m, 'idr_alloc_cyclic', idr, given(call, 1), from, to, int(call, 4));
    if (id >= 0) m.setHidden(idr, cursor, id + 1);
    return id;
  }),
  onIndex('idr_alloc_u32', 'changes', -errno.ENOMEM, (m, idr, call) => {
    const from = Number(m.load(given(call, 2), 4, false));
    const id = allocate(m, 'idr_alloc_u32', idr, given(call, 1), from, u32(call, 3), int(call, 4));
    if (id < 0) return id;
    m.store(given(call, 2), 4, id);
    return 0;
  }),
  onIndex('idr_find', 'looks', 0, (m, idr, call) => entry(m, idr, u32(call, 1)) ?? 0),
  onIndex('idr_remove', 'changes', 0, (m, idr, call) => removeEntry(m, idr, u32(call, 1)) ?? 0),
  onIndex('idr_replace', 'changes', 0, (m, idr, call) => {
    const old = entry(m, idr, u32(call, 2));
    if (old === undefined) return -errno.ENOENT;
    setEntry(m, idr, u32(call, 2), given(call, 1));
    return old;
  }),
  onIndex('idr_destroy', 'changes', 0, (m, idr) => {
    removeAll(m, idr);
    return undefined;
  }),
  onIndex('idr_is_empty', 'looks', 1, (m, idr) => (isEmpty(m, idr) ? 1 : 0)),
  onIndex('idr_get_next', 'looks', 0, (m, idr, call) => next(m, idr, given(call, 1))),
  // `void *__sim_idr_next(struct idr *, int *id)`, for idr_for_each() and the iterators.
  onIndex('__sim_idr_next', 'looks', 0, (m, idr, call) => next(m, idr, given(call, 1))),
  onIndex('idr_get_cursor', null, 0, (m, idr) => m.hidden(idr, cursor) ?? 0),
  onIndex('idr_set_cursor', null, 0, (m, idr, call) => {
    m.setHidden(idr, cursor, u32(call, 1));
    return undefined;
  }),
  {
    // Preemption stays off from one to the other.
    idr_preload(m, call) {
      mayReclaim(m, int(call, 0), 'idr_preload()');
      m.enterAtomic('idr_preload()');
    },
    idr_preload_end: (m) => m.leaveAtomic('idr_preload()'),
  },
);

/** The first free id from `from` to `to`, or an error number. */
function allocateId(name: string, bounds: (call: IntrinsicCall) => readonly [from: number, to: number, gfp: number]): IntrinsicTable {
  return onIndex(name, null, -errno.ENOMEM, (m, ida, call) => {
    const [from, to, gfp] = bounds(call);
    mayReclaim(m, gfp, `${name}()`);
    const id = from < 0 ? undefined : freeId(m, ida, from, to < 0 ? intMaximum : to);
    if (id === undefined) return -errno.ENOSPC;
    if (allocationFails(m, gfp, name)) return -errno.ENOMEM;
    setEntry(m, ida, id, 1);
    return id;
  });
}

const idas: IntrinsicTable = joined(
  allocateId('ida_alloc', (call) => [0, intMaximum, int(call, 1)]),
  allocateId('ida_alloc_min', (call) => [int(call, 1), intMaximum, int(call, 2)]),
  allocateId('ida_alloc_max', (call) => [0, int(call, 1), int(call, 2)]),
  allocateId('ida_alloc_range', (call) => [int(call, 1), int(call, 2), int(call, 3)]),
  onIndex('ida_free', null, 0, (m, ida, call) => {
    const id = u32(call, 1);
    if (removeEntry(m, ida, id) === undefined)
      m.report('warning', `ida_free called for id=${id} which is not allocated.`, { goesOn: true });
    return undefined;
  }),
  onIndex('ida_destroy', null, 0, (m, ida) => {
    removeAll(m, ida);
    return undefined;
  }),
  onIndex('ida_is_empty', null, 1, (m, ida) => (isEmpty(m, ida) ? 1 : 0)),
  onIndex('ida_exists', null, 0, (m, ida, call) => (entry(m, ida, u32(call, 1)) === undefined ? 0 : 1)),
  { ida_init: nothing, DEFINE_IDA: nothing },
);

/** idr and ida. */
export const indexes = joined(idrs, idas);
