// What is done on purpose in each kernel, so that its silence means something.
import type { KernelProfile } from '../model/execution.js';
import type { Canary } from './test-oracle.js';

/** The one that only kmemleak notices. */
export const leakCanary = 'leak';

const everywhere: readonly Canary[] = [
  { name: 'refcount', expected: 'refcount' },
  { name: 'warning', expected: 'warning' },
];

/** In order: a report of KASAN ends the checks of locks. */
export function canariesOf(profile: KernelProfile): readonly Canary[] {
  if (profile === 'trace') return everywhere;
  return [
    { name: leakCanary, expected: 'kmemleak' },
    { name: 'atomic-sleep', expected: 'atomic-sleep' },
    { name: 'use-after-free', expected: 'kasan' },
    ...everywhere,
  ];
}
