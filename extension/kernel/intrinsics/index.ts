// What the simulated kernel does that its model in C can't say, by the name of the C function or macro.
import { argumentLists } from './variable-arguments.js';
import { atomics } from './atomic.js';
import { bits } from './bits.js';
import { builtins } from './builtins.js';
import { copies } from './copies.js';
import { errorPointers } from './error-pointers.js';
import { indexes } from './indexes.js';
import { lists } from './lists.js';
import { locks } from './lock.js';
import type { Intrinsic } from './machine.js';
import { rcu } from './rcu.js';
import { refcounts } from './refcount.js';
import { reports, tracepoint } from './report.js';
import { rhashtables } from './rhashtable.js';
import { slab } from './slab.js';
import { bytes } from './strings.js';
import { users } from './user.js';
import { joined } from './values.js';
import { waitingLocks } from './waiting-locks.js';
import { waiting } from './wait.js';
import { work } from './work.js';
import { xarrays } from './xarray.js';

/** All that have a name of their own. */
export const intrinsics: ReadonlyMap<string, Intrinsic> = new Map(
  Object.entries(
    joined(
      slab,
      copies,
      refcounts,
      atomics,
      bits,
      builtins,
      indexes,
      xarrays,
      rhashtables,
      lists,
      locks,
      waitingLocks,
      rcu,
      waiting,
      work,
      reports,
      users,
      errorPointers,
      bytes,
      argumentLists,
    ),
  ),
);

/** Those whose accesses are plain ones: to other threads they are as many steps as accesses. */
const plain: ReadonlySet<string> = new Set([
  ...Object.keys(joined(copies, users, bytes)),
  ...Object.keys(bits).filter((name) => name.startsWith('__')),
]);

export function isPlain(name: string): boolean {
  return plain.has(name);
}

const enabled = /^trace_\w+_enabled$/;

/** The intrinsic of that name, or undefined; any name that begins with `trace_` is a tracepoint. */
export function intrinsicNamed(name: string): Intrinsic | undefined {
  const known = intrinsics.get(name);
  if (known || !name.startsWith('trace_')) return known;
  return enabled.test(name) ? (): number => 1 : tracepoint(name);
}
