// What lists need beyond their C (runtime/kernel/list.h): that nobody else changes one at the same time.
import type { IntrinsicTable, Value } from './machine.js';
import { each, given, joined } from './values.js';

/** Entries of the longest list that is looked at. */
const longest = 1000;

/**
 * `void __sim_list_changes(struct list_head *entry, const char *what)`: a list is known by the lowest address of those in its ring,
 * so that two who change it meet wherever they do.
 */
const rings: IntrinsicTable = each('__sim_list_changes', () => (m, call) => {
  const entry = given(call, 0);
  let lowest: Value = entry;
  let at = m.glance(entry);
  for (let seen = 0; at !== undefined && at !== entry && seen < longest; seen++) {
    const next = m.glance(at);
    // What leads nowhere is no entry.
    if (next !== undefined && at < lowest) lowest = at;
    at = next;
  }
  m.goesInto(lowest, 'list', 'changes', m.text(given(call, 1)));
});

/** `void __sim_hlist_changes(void *from, const char *what)`: the list is known by its last node, or by its head where it has none. */
const chains: IntrinsicTable = each('__sim_hlist_changes', () => (m, call) => {
  let last = given(call, 0);
  let at = m.glance(last);
  for (let seen = 0; at !== undefined && at !== 0 && seen < longest; seen++) {
    last = at;
    at = m.glance(at);
  }
  m.goesInto(last, 'list', 'changes', m.text(given(call, 1)));
});

export const lists = joined(rings, chains);
