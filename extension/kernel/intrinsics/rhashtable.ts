// struct rhashtable (include/linux/rhashtable.h): objects found by a key inside them. The table is their order of insertion:
// how they are hashed is seen by nobody but a walk, which promises no order.
import { compareBytes } from './text.js';
import type { IntrinsicCall, IntrinsicTable, Machine, Value } from './machine.js';
import { recordOf } from './types.js';
import { each, errno, given, isIndeterminate, joined, plus, type IntrinsicBody } from './values.js';

const count = (m: Machine, table: Value): number => Number(m.hidden(table, 'count') ?? 0);
const head = (m: Machine, table: Value, at: number): Value => m.hidden(table, `entry ${at}`) ?? 0;

interface Parameters {
  readonly keyLength: number;
  readonly keyOffset: number;
  readonly headOffset: number;
}

/** `struct rhashtable_params`, passed by value as argument 2. Keys that a function compares are not known. */
function parameters(m: Machine, call: IntrinsicCall): Parameters {
  const read = (member: string, bytes: 2 | 8): Value => {
    const offset = call.offsetOf(recordOf('rhashtable_params'), member);
    if (offset === undefined) m.assume('type', 'struct rhashtable_params', `'${member}' is 0`);
    return offset === undefined ? 0 : m.load(plus(given(call, 2), offset), bytes, false);
  };
  if (read('obj_cmpfn', 8) !== 0) m.assume('callee', 'obj_cmpfn', 'keys are equal where their bytes are');
  const number = (value: Value): number => (isIndeterminate(value) ? 0 : Number(value));
  return { keyLength: number(read('key_len', 2)), keyOffset: number(read('key_offset', 2)), headOffset: number(read('head_offset', 2)) };
}

/** The place of the entry whose key equals the bytes at `key`. */
function place(m: Machine, table: Value, key: Value, of: Parameters): number | undefined {
  for (let at = 0; at < count(m, table); at++) {
    const object = plus(head(m, table, at), -of.headOffset);
    if (compareBytes(m, plus(object, of.keyOffset), key, of.keyLength, false) === 0) return at;
  }
  return undefined;
}

function placeOfHead(m: Machine, table: Value, wanted: Value): number | undefined {
  for (let at = 0; at < count(m, table); at++) if (head(m, table, at) === wanted) return at;
  return undefined;
}

function append(m: Machine, table: Value, entry: Value): void {
  const at = count(m, table);
  m.setHidden(table, `entry ${at}`, entry);
  m.setHidden(table, 'count', at + 1);
}

/** Later entries move up. */
function removeAt(m: Machine, table: Value, at: number): void {
  const last = count(m, table) - 1;
  for (let next = at; next < last; next++) m.setHidden(table, `entry ${next}`, head(m, table, next + 1));
  m.setHidden(table, `entry ${last}`, undefined);
  m.setHidden(table, 'count', last === 0 ? undefined : last);
}

function removeAll(m: Machine, table: Value): void {
  while (count(m, table) > 0) removeAt(m, table, count(m, table) - 1);
}

/** The table keeps its parameters, where callbacks that are C look for them. */
function keepParameters(m: Machine, table: Value, call: IntrinsicCall): void {
  const [at, bytes] = [call.offsetOf(recordOf('rhashtable'), 'p'), call.sizeOf(recordOf('rhashtable_params'))];
  if (at !== undefined && bytes !== undefined) m.copy(plus(table, at), given(call, 1), bytes);
}

type Body = (m: Machine, table: Value, call: IntrinsicCall, name: string) => Value | undefined;

const onTable = (body: Body): ((name: string) => IntrinsicBody) => {
  return (name) => (m, call) => (m.usable(given(call, 0), `${name}()`) ? body(m, given(call, 0), call, name) : 0);
};

const lookup: Body = (m, table, call) => {
  const of = parameters(m, call);
  const at = place(m, table, given(call, 1), of);
  return at === undefined ? 0 : plus(head(m, table, at), -of.headOffset);
};

/** -ENOMEM, or 0. */
const insert: Body = (m, table, call, name) => {
  if (m.fails(name)) return -errno.ENOMEM;
  append(m, table, given(call, 1));
  return 0;
};

/** -EEXIST where one with that key is there. */
const insertUnlessThere: Body = (m, table, call, name) => {
  const of = parameters(m, call);
  const key = plus(given(call, 1), of.keyOffset - of.headOffset);
  return place(m, table, key, of) === undefined ? insert(m, table, call, name) : -errno.EEXIST;
};

/** The object that is there or NULL; an error pointer on failure. */
const getOrInsert: Body = (m, table, call, name) => {
  const of = parameters(m, call);
  const at = place(m, table, plus(given(call, 1), of.keyOffset - of.headOffset), of);
  return at === undefined ? insert(m, table, call, name) : plus(head(m, table, at), -of.headOffset);
};

const remove: Body = (m, table, call) => {
  const at = placeOfHead(m, table, given(call, 1));
  if (at === undefined) return -errno.ENOENT;
  removeAt(m, table, at);
  return 0;
};

const replace: Body = (m, table, call) => {
  const at = placeOfHead(m, table, given(call, 1));
  if (at === undefined) return -errno.ENOENT;
  m.setHidden(table, `entry ${at}`, given(call, 2));
  return 0;
};

/** rhashtable; rhashtable_free_and_destroy() calls a function for each entry and is C, over `__sim_rhashtable_next()`. */
export const rhashtables: IntrinsicTable = joined(
  each(
    'rhashtable_init',
    onTable((m, table, call, name) => {
      m.sleeps(`${name}()`);
      if (m.fails(name)) return -errno.ENOMEM;
      removeAll(m, table);
      keepParameters(m, table, call);
      return 0;
    }),
  ),
  each('rhashtable_lookup rhashtable_lookup_fast', onTable(lookup)),
  each('rhashtable_insert_fast', onTable(insert)),
  each('rhashtable_lookup_insert_fast', onTable(insertUnlessThere)),
  each('rhashtable_lookup_get_insert_fast', onTable(getOrInsert)),
  each('rhashtable_remove_fast', onTable(remove)),
  each('rhashtable_replace_fast', onTable(replace)),
  each(
    'rhashtable_destroy',
    onTable((m, table, _call, name) => {
      m.sleeps(`${name}()`);
      removeAll(m, table);
      return undefined;
    }),
  ),
  // `struct rhash_head *__sim_rhashtable_next(struct rhashtable *, int *at)`: the entry in that place, which is counted up; NULL at the end.
  each(
    '__sim_rhashtable_next',
    onTable((m, table, call) => {
      const at = Number(m.load(given(call, 1), 4, true));
      if (!(at < count(m, table))) return 0;
      m.store(given(call, 1), 4, at + 1);
      return head(m, table, at);
    }),
  ),
);
