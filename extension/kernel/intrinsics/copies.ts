// Copies of memory and strings in new memory, also from user space.
import { argumentsFrom } from './variable-arguments.js';
import type { Machine, Value } from './machine.js';
import { allocate, allocatorOf, kernelFlags, zeroSize } from './slab.js';
import { stringLength, writeString } from './text.js';
import { userFault } from './user.js';
import { count, each, errno, given, int, joined, plus } from './values.js';

/** Copies `length` bytes and, where asked, a zero after them; NULL where there is no memory. */
function duplicate(m: Machine, name: string, from: Value, length: number, terminated: boolean, gfp: number): Value {
  const address = allocate(m, name, {
    bytes: length + (terminated ? 1 : 0),
    type: null,
    by: allocatorOf(name),
    gfp,
    zeroed: false,
  });
  if (address === 0 || address === zeroSize) return address;
  if (length > 0) m.copy(address, from, length);
  if (terminated) m.store(plus(address, length), 1, 0);
  return address;
}

/** From user memory (mm/util.c): memory first, then the copy, which may fail with -EFAULT. */
function fromUser(m: Machine, name: string, from: Value, length: number, terminated: boolean): Value {
  m.sleeps(`${name}()`);
  const bytes = length + (terminated ? 1 : 0);
  const by = name.startsWith('v') ? 'kvmalloc' : 'kmalloc';
  const address = allocate(m, name, { bytes, type: null, by, gfp: kernelFlags, zeroed: terminated });
  if (address === 0) return -errno.ENOMEM;
  if (address === zeroSize) return address;
  if (userFault(m, 'copy_from_user', from)) {
    m.free(address, { by });
    return -errno.EFAULT;
  }
  if (length > 0) m.copy(address, from, length);
  return address;
}

/** kmemdup(), kstrdup() and their like. */
export const copies = joined(
  each('kmemdup kvmemdup', (name) => (m, call) => duplicate(m, name, given(call, 0), count(call, 1), false, int(call, 2))),
  each('kmemdup_nul', (name) => (m, call) => duplicate(m, name, given(call, 0), count(call, 1), true, int(call, 2))),
  each('kmemdup_array', (name) => (m, call) => duplicate(m, name, given(call, 0), count(call, 1) * count(call, 2), false, int(call, 3))),
  // NULL in is NULL out (mm/util.c).
  each('kstrdup kstrdup_const', (name) => (m, call) => {
    const from = given(call, 0);
    return from === 0 ? 0 : duplicate(m, name, from, stringLength(m, from), true, int(call, 1));
  }),
  each('kstrndup', (name) => (m, call) => {
    const from = given(call, 0);
    return from === 0 ? 0 : duplicate(m, name, from, stringLength(m, from, count(call, 1)), true, int(call, 2));
  }),
  each('kasprintf kvasprintf kvasprintf_const', (name) => (m, call) => {
    const text = m.format(m.text(given(call, 1)), argumentsFrom(m, call, 2, name.startsWith('kvas')));
    const address = allocate(m, name, { bytes: text.length + 1, type: null, by: 'kmalloc', gfp: int(call, 0), zeroed: false });
    if (address !== 0) writeString(m, address, text);
    return address;
  }),
  each('memdup_user vmemdup_user', (name) => (m, call) => fromUser(m, name, given(call, 0), count(call, 1), false)),
  each('memdup_user_nul', (name) => (m, call) => fromUser(m, name, given(call, 0), count(call, 1), true)),
  each('memdup_array_user', (name) => (m, call) => fromUser(m, name, given(call, 0), count(call, 1) * count(call, 2), false)),
  // -EINVAL where there is no zero within the limit, which counts it.
  each('strndup_user', (name) => (m, call) => {
    const [from, limit] = [given(call, 0), count(call, 1)];
    if (userFault(m, 'strnlen_user', from)) return -errno.EFAULT;
    const length = stringLength(m, from, limit);
    return length >= limit ? -errno.EINVAL : fromUser(m, name, from, length, true);
  }),
);
