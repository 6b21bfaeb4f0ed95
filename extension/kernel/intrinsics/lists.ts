// What lists need beyond their C (runtime/kernel/list.h): that nobody else changes one at the same time.
import type { IntrinsicTable, Value } from './machine.js';
import { each, given } from './values.js';

/** Entries of the longest list that is looked at. */
const longest = 1000;

/**
 * `void __sim_list_changes(struct list_head *entry, const char *what)`: a list is known by the lowest address of those in its ring,
 * so that two who change it meet wherever they do.
 */
export const lists: IntrinsicTable = each('__sim_list_changes', () => (m, call) => {
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
