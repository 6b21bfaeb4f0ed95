// idr, ida, xarray and rhashtable against plain maps.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blocked, type Value } from '../../../extension/kernel/intrinsics/machine.js';
import { FakeMachine, type About } from './fake-machine.js';

const kernel = 0xcc0;
const noSpace = -28;
const intMaximum = 0x7fffffff;

const newIdr = (m: FakeMachine, base = 0): number => {
  const idr = m.room(16);
  m.call('idr_init_base', [idr, base]);
  return idr;
};

/** Ids and entries in order, as an iterator sees them. */
const walked = (m: FakeMachine, next: string, index: Value, bytes: 4 | 8): [Value, Value][] => {
  const at = m.room(8);
  const seen: [Value, Value][] = [];
  for (;;) {
    const entry = m.call(next, [index, at]);
    if (entry === 0 || typeof entry === 'symbol' || entry === undefined) return seen;
    const id = m.load(at, bytes, false);
    seen.push([id, entry]);
    m.store(at, bytes, Number(id) + 1);
  }
};

describe('idr', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('alloc' as const), start: fc.integer({ min: 0, max: 6 }), end: fc.integer({ min: -1, max: 8 }) }),
    fc.record({ kind: fc.constant('cyclic' as const), start: fc.integer({ min: 0, max: 3 }), end: fc.integer({ min: 0, max: 8 }) }),
    fc.record({ kind: fc.constantFrom('remove' as const, 'find' as const, 'replace' as const), id: fc.integer({ min: 0, max: 9 }) }),
  );

  test('gives out the lowest free id of the range, finds and takes out, as a map would', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 2 }), (steps, base) => {
        const m = new FakeMachine();
        const idr = newIdr(m, base);
        const model = new Map<number, number>();
        let cursor = 0;
        const lowest = (from: number, end: number): number => {
          const last = end > 0 ? end - 1 : intMaximum;
          for (let id = Math.max(from, base); id <= last; id++) if (!model.has(id)) return id;
          return noSpace;
        };
        steps.forEach((each, at) => {
          const entry = 0x1000 + at;
          if (each.kind === 'alloc' || each.kind === 'cyclic') {
            let id: number;
            if (each.kind === 'alloc') id = lowest(each.start, each.end);
            else {
              id = lowest(Math.max(cursor, each.start), each.end);
              if (id === noSpace) id = lowest(each.start, each.end);
              if (id >= 0) cursor = id + 1;
            }
            if (id >= 0) model.set(id, entry);
            const name = each.kind === 'alloc' ? 'idr_alloc' : 'idr_alloc_cyclic';
            expect(m.call(name, [idr, entry, each.start, each.end, kernel])).toBe(id);
            expect(m.call('idr_get_cursor', [idr])).toBe(cursor);
            return;
          }
          const there = model.get(each.id);
          if (each.kind === 'find') expect(m.call('idr_find', [idr, each.id])).toBe(there ?? 0);
          if (each.kind === 'remove') {
            expect(m.call('idr_remove', [idr, each.id])).toBe(there ?? 0);
            model.delete(each.id);
          }
          if (each.kind === 'replace') {
            expect(m.call('idr_replace', [idr, entry, each.id])).toBe(there ?? -2);
            if (there !== undefined) model.set(each.id, entry);
          }
        });
        expect(walked(m, '__sim_idr_next', idr, 4)).toEqual([...model].sort(([a], [b]) => a - b));
        expect(m.call('idr_is_empty', [idr])).toBe(model.size === 0 ? 1 : 0);
        m.call('idr_destroy', [idr]);
        expect(m.call('idr_is_empty', [idr])).toBe(1);
        expect(m.reports).toEqual([]);
      }),
    );
  });

  test('is in the same state whatever order its entries came in', () => {
    const filled = (ids: readonly number[]): FakeMachine => {
      const m = new FakeMachine();
      const idr = newIdr(m);
      for (const id of ids) m.call('idr_alloc', [idr, 0x1000 + id, id, id + 1, kernel]);
      m.call('idr_remove', [idr, 5]);
      return m;
    };
    expect(new Map([...filled([5, 1, 7, 3]).state].sort())).toEqual(new Map([...filled([1, 3, 5, 7]).state].sort()));
  });

  test('keeps an id for NULL, which no walk sees', () => {
    const m = new FakeMachine();
    const idr = newIdr(m);
    expect(m.call('idr_alloc', [idr, 0, 1, 0, kernel])).toBe(1);
    expect(m.call('idr_alloc', [idr, 0x1000, 1, 0, kernel])).toBe(2);
    expect(m.call('idr_find', [idr, 1])).toBe(0);
    expect(walked(m, 'idr_get_next', idr, 4)).toEqual([[2, 0x1000]]);
    expect(m.call('idr_replace', [idr, 0x2000, 1])).toBe(0);
    expect(m.call('idr_find', [idr, 1])).toBe(0x2000);
  });

  test('fails without memory, leaves the cursor then, and sleeps as its flags say', () => {
    const m = new FakeMachine();
    const idr = newIdr(m);
    m.failing.push('idr_alloc_cyclic');
    expect(m.call('idr_alloc_cyclic', [idr, 0x1000, 1, 0, kernel])).toBe(-12);
    expect(m.call('idr_get_cursor', [idr])).toBe(0);
    expect(m.slept).toEqual(['idr_alloc_cyclic()']);
    m.call('idr_alloc', [idr, 0x1000, 1, 0, 0x820]);
    expect(m.slept).toHaveLength(1);
    m.call('idr_preload', [kernel]);
    m.call('idr_alloc', [idr, 0x1000, 1, 0, kernel]);
    m.call('idr_preload_end', []);
    expect(m.reports).toEqual(['sleep-in-atomic: idr_alloc()']);
    expect(m.atomic).toEqual([]);
  });

  test('warns where it was never initialised, and of a negative start', () => {
    const m = new FakeMachine();
    const idr = m.room(16);
    expect(m.call('idr_alloc', [idr, 0x1000, 0, 0, kernel])).toBe(0);
    expect(m.call('idr_alloc', [idr, 0x1000, -1, 0, kernel])).toBe(-22);
    expect(m.call('idr_find', [0, 1])).toBe(0);
    expect(m.reports).toEqual([
      'warning: idr_alloc(): the idr was never initialised',
      'warning: idr_alloc(): a negative start',
      'null-dereference: idr_find()',
    ]);
  });

  test('an id of 32 bits goes through its pointer', () => {
    const m = new FakeMachine();
    const [idr, id] = [newIdr(m), m.room(4)];
    m.store(id, 4, 0xfffffffe);
    expect(m.call('idr_alloc_u32', [idr, 0x1000, id, 0xffffffff, kernel])).toBe(0);
    expect(m.call('idr_alloc_u32', [idr, 0x1000, id, 0xffffffff, kernel])).toBe(0);
    expect(m.load(id, 4, false)).toBe(0xffffffff);
    expect(m.call('idr_alloc_u32', [idr, 0x1000, id, 0xffffffff, kernel])).toBe(noSpace);
    expect(m.call('idr_find', [idr, 0xfffffffe])).toBe(0x1000);
  });
});

test('ida gives out ids, takes them back, and warns of one that was not out', () => {
  const m = new FakeMachine();
  const ida = m.room(16);
  expect(m.call('ida_alloc', [ida, kernel])).toBe(0);
  expect(m.call('ida_alloc_min', [ida, 5, kernel])).toBe(5);
  expect(m.call('ida_alloc_range', [ida, 5, 6, kernel])).toBe(6);
  expect(m.call('ida_alloc_range', [ida, 5, 6, kernel])).toBe(noSpace);
  m.call('ida_free', [ida, 5]);
  expect(m.call('ida_alloc_max', [ida, 5, kernel])).toBe(1);
  expect(m.call('ida_alloc_range', [ida, 5, 6, kernel])).toBe(5);
  m.call('ida_free', [ida, 9]);
  expect(m.reports).toEqual(['warning: ida_free called for id=9 which is not allocated.']);
});

describe('xarray', () => {
  const newXarray = (m: FakeMachine, flags: number): number => {
    const xa = m.room(16);
    m.call('xa_init_flags', [xa, flags]);
    return xa;
  };

  test('stores, inserts, exchanges and erases as a map would, up to the highest index', () => {
    const index = fc.oneof(fc.bigInt(0n, 6n), fc.constantFrom(0xffffffffffffffffn, 0x8000000000000000n));
    const step = fc.record({ kind: fc.constantFrom('store', 'insert', 'erase', 'cmpxchg', 'clear', 'load'), index });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const m = new FakeMachine();
        const xa = newXarray(m, 0);
        const model = new Map<bigint, number>();
        steps.forEach(({ kind, index }, at) => {
          const id = index < 7n ? Number(index) : index;
          const entry = 0x1000 + at * 8;
          const old = model.get(index);
          if (kind === 'store') {
            expect(m.call('xa_store', [xa, id, entry, kernel])).toBe(old ?? 0);
            model.set(index, entry);
          } else if (kind === 'clear') {
            expect(m.call('xa_store', [xa, id, 0, kernel])).toBe(old ?? 0);
            model.delete(index);
          } else if (kind === 'insert') {
            expect(m.call('xa_insert', [xa, id, entry, kernel])).toBe(old === undefined ? 0 : -16);
            if (old === undefined) model.set(index, entry);
          } else if (kind === 'erase') {
            expect(m.call('xa_erase', [xa, id])).toBe(old ?? 0);
            model.delete(index);
          } else if (kind === 'cmpxchg') {
            expect(m.call('xa_cmpxchg', [xa, id, 0, entry, kernel])).toBe(old ?? 0);
            if (old === undefined) model.set(index, entry);
          } else expect(m.call('xa_load', [xa, id])).toBe(old ?? 0);
        });
        const found = m.room(8);
        const first = [...model.keys()].sort((a, b) => (a < b ? -1 : 1))[0];
        expect(m.call('xa_find', [xa, found, 0xffffffffffffffffn, 8])).toBe(first === undefined ? 0 : model.get(first));
        expect(m.call('xa_empty', [xa])).toBe(model.size === 0 ? 1 : 0);
        m.call('xa_destroy', [xa]);
        expect(m.call('xa_empty', [xa])).toBe(1);
        expect([...m.locks]).toEqual([]);
      }),
    );
  });

  test('gives out ids from 1 with XA_FLAGS_ALLOC1, round and round', () => {
    const m = new FakeMachine();
    const xa = newXarray(m, 12);
    const [id, next, limit] = [m.room(4), m.room(4), m.room(8)];
    m.store(limit, 4, 2);
    const cyclic = (name: string): unknown => m.call(name, [xa, id, 0x1000, limit, next, kernel]);
    expect([cyclic('xa_alloc_cyclic'), m.load(id, 4, false)]).toEqual([0, 1]);
    expect([cyclic('xa_alloc_cyclic'), m.load(id, 4, false)]).toEqual([0, 2]);
    expect(cyclic('xa_alloc_cyclic')).toBe(-16);
    m.call('xa_erase', [xa, 1]);
    m.call('xa_lock', [xa]);
    expect([cyclic('__xa_alloc_cyclic'), m.load(id, 4, false), m.load(next, 4, false)]).toEqual([1, 1, 2]);
    m.call('xa_unlock', [xa]);
    m.call('xa_erase', [xa, 1]);
    expect([m.call('xa_alloc', [xa, id, 0, limit, kernel]), m.load(id, 4, false)]).toEqual([0, 1]);
    expect(m.call('xa_load', [xa, 1])).toBe(0);
    expect(m.reports).toEqual([]);
    expect(m.call('xa_alloc', [newXarray(m, 0), id, 0x1000, limit, kernel])).toBe(-22);
  });

  test('tells what failed in its own way, and keeps small integers', () => {
    const m = new FakeMachine();
    const xa = newXarray(m, 0);
    m.failing.push('xa_store', 'xa_insert');
    const failed = m.call('xa_store', [xa, 1, 0x1000, kernel]);
    expect(m.call('xa_is_err', [Number(failed)])).toBe(1);
    expect(m.call('xa_err', [Number(failed)])).toBe(-12);
    expect(m.call('xa_err', [0x1000])).toBe(0);
    expect(m.call('xa_insert', [xa, 1, 0x1000, kernel])).toBe(-12);
    const value = m.call('xa_mk_value', [21]);
    expect([value, m.call('xa_is_value', [Number(value)]), m.call('xa_to_value', [Number(value)])]).toEqual([43, 1, 21]);
  });

  test('waits for its lock, and lets the flags of a caller with the lock sleep', () => {
    const m = new FakeMachine();
    const xa = newXarray(m, 0);
    m.thread = 1;
    m.call('xa_lock', [xa]);
    m.thread = 0;
    expect(m.call('xa_store', [xa, 1, 0x1000, kernel])).toBe(blocked);
    expect(m.call('xa_load', [xa, 1])).toBe(0);
    m.thread = 1;
    m.call('__xa_store', [xa, 1, 0x1000, kernel]);
    expect(m.atomic).toEqual(['xa_lock()']);
    expect(m.reports).toEqual([]);
  });

  test('finds entries by mark until they are erased', () => {
    const m = new FakeMachine();
    const [xa, at] = [newXarray(m, 0), m.room(8)];
    for (const index of [1, 2, 3]) m.call('xa_store', [xa, index, 0x1000 * index, kernel]);
    m.call('xa_set_mark', [xa, 2, 1]);
    m.call('xa_set_mark', [xa, 9, 1]);
    expect(m.call('xa_find', [xa, at, 100, 1])).toBe(0x2000);
    expect(m.call('xa_find_after', [xa, at, 100, 8])).toBe(0x3000);
    m.call('xa_erase', [xa, 2]);
    m.call('xa_store', [xa, 2, 0x2000, kernel]);
    expect(m.call('xa_get_mark', [xa, 2, 1])).toBe(0);
  });
});

describe('rhashtable', () => {
  // The object: a key of 4 bytes at 8, the head at 16.
  const about: About = {
    sizes: { rhashtable_params: 32 },
    offsets: {
      'rhashtable_params.key_len': 2,
      'rhashtable_params.key_offset': 4,
      'rhashtable_params.head_offset': 6,
      'rhashtable_params.obj_cmpfn': 24,
      'rhashtable.p': 8,
    },
  };
  const table = (m: FakeMachine): readonly [table: number, params: number] => {
    const [at, params] = [m.room(64), m.room(32)];
    m.store(params + 2, 2, 4);
    m.store(params + 4, 2, 8);
    m.store(params + 6, 2, 16);
    expect(m.call('rhashtable_init', [at, params], about)).toBe(0);
    return [at, params];
  };
  const object = (m: FakeMachine, key: number): number => {
    const at = m.room(32);
    m.store(at + 8, 4, key);
    return at;
  };

  test('finds objects by their keys, as a map would', () => {
    const step = fc.record({ kind: fc.constantFrom('insert', 'remove', 'find'), key: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const m = new FakeMachine();
        const [at, params] = table(m);
        const model = new Map<number, number>();
        for (const { kind, key } of steps) {
          const there = model.get(key);
          if (kind === 'insert') {
            const made = object(m, key);
            expect(m.call('rhashtable_lookup_insert_fast', [at, made + 16, params], about)).toBe(there === undefined ? 0 : -17);
            if (there === undefined) model.set(key, made);
          } else if (kind === 'remove') {
            expect(m.call('rhashtable_remove_fast', [at, (there ?? object(m, key)) + 16, params], about)).toBe(
              there === undefined ? -2 : 0,
            );
            model.delete(key);
          } else {
            const wanted = m.room(4);
            m.store(wanted, 4, key);
            expect(m.call('rhashtable_lookup_fast', [at, wanted, params], about)).toBe(there ?? 0);
          }
        }
        const place = m.room(4);
        const heads: unknown[] = [];
        for (let head = m.call('__sim_rhashtable_next', [at, place]); head !== 0; head = m.call('__sim_rhashtable_next', [at, place]))
          heads.push(head);
        expect(heads).toEqual([...model.values()].map((made) => made + 16));
      }),
    );
  });

  test('keeps its parameters where C looks for them, and replaces in place', () => {
    const m = new FakeMachine();
    const [at, params] = table(m);
    expect(m.load(at + 8 + 6, 2, false)).toBe(16);
    const [old, made] = [object(m, 1), object(m, 1)];
    m.call('rhashtable_insert_fast', [at, old + 16, params], about);
    expect(m.call('rhashtable_replace_fast', [at, old + 16, made + 16, params], about)).toBe(0);
    expect(m.call('rhashtable_lookup_fast', [at, old + 8, params], about)).toBe(made);
    m.call('rhashtable_destroy', [at]);
    expect(m.call('rhashtable_lookup_fast', [at, old + 8, params], about)).toBe(0);
  });
});
