// Entries by id, as idr, ida and xarray keep them: state of the index's memory that C doesn't see. Each entry names the next
// id, so that a look at all of them needs no list, and equal contents are equal state whatever happened before.
import type { Machine, Value } from './machine.js';
import { computed } from './values.js';

const first = 'first';
const entryOf = (id: Value): string => `entry ${id}`;
const nextOf = (id: Value): string => `after ${id}`;

/** What is stored under an id (maybe NULL), or undefined where nothing is. */
export function entry(m: Machine, index: Value, id: Value): Value | undefined {
  return m.hidden(index, entryOf(id));
}

/** The smallest id in use that is at least `from`. */
export function idFrom(m: Machine, index: Value, from: Value): Value | undefined {
  // From an id in use the rest of the way is known.
  let id = entry(m, index, from) === undefined ? m.hidden(index, first) : from;
  while (id !== undefined && id < from) id = m.hidden(index, nextOf(id));
  return id;
}

/** The id after `id`, whether in use or not. */
export function successor(id: Value): Value {
  return computed(64, false, id, 1, (a, b) => a + b);
}

/** The smallest id of a range that is not in use. */
export function freeId(m: Machine, index: Value, from: Value, to: Value): Value | undefined {
  let id = from;
  while (id <= to) {
    if (entry(m, index, id) === undefined) return id;
    id = successor(id);
  }
  return undefined;
}

/** Stores an entry, in place of one that is there. */
export function setEntry(m: Machine, index: Value, id: Value, value: Value): void {
  if (entry(m, index, id) === undefined) {
    const [link, next] = around(m, index, id);
    m.setHidden(index, link, id);
    m.setHidden(index, nextOf(id), next);
  }
  m.setHidden(index, entryOf(id), value);
}

/** Takes an entry out, and answers what it was. */
export function removeEntry(m: Machine, index: Value, id: Value): Value | undefined {
  const value = entry(m, index, id);
  if (value === undefined) return undefined;
  const [link] = around(m, index, id);
  m.setHidden(index, link, m.hidden(index, nextOf(id)));
  m.setHidden(index, nextOf(id), undefined);
  m.setHidden(index, entryOf(id), undefined);
  return value;
}

/** Takes all entries out. */
export function removeAll(m: Machine, index: Value): void {
  for (let id = m.hidden(index, first); id !== undefined; id = m.hidden(index, first)) removeEntry(m, index, id);
}

/** Whether there is no entry. */
export function isEmpty(m: Machine, index: Value): boolean {
  return m.hidden(index, first) === undefined;
}

/** The link that leads to `id` or past it, and where it leads to now. */
function around(m: Machine, index: Value, id: Value): readonly [link: string, to: Value | undefined] {
  let link = first;
  let to = m.hidden(index, link);
  while (to !== undefined && to < id) {
    link = nextOf(to);
    to = m.hidden(index, link);
  }
  return [link, to];
}
