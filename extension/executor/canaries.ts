// What is done on purpose in each kernel, so that its silence means something, and the sources of the module that does it.
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { KernelProfile } from '../model/execution.js';
import { ok, type Result } from '../model/result.js';
import { digest } from './digest.js';
import { notExecutable, type ExecutionFailure } from './request.js';
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

export interface ModuleSource {
  readonly files: ReadonlyMap<string, string>;
  /** The name of what is built. */
  readonly object: string;
  readonly key: string;
}

/** The module's sources below the guest's folder; a failure where there are none. */
export function readModule(guest: string): Result<ModuleSource, ExecutionFailure> {
  const folder = join(guest, 'module');
  const names = fs.readdirSync(folder).sort();
  const files = new Map(names.map((name) => [name, fs.readFileSync(join(folder, name), 'utf8')]));
  const main = names.find((name) => name.endsWith('.c'));
  if (main === undefined) return notExecutable(`${folder} holds no module`);
  return ok({ files, object: main.replace(/\.c$/, '.ko'), key: digest(...[...files].flat()) });
}
