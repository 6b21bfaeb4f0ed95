// A kernel's configuration: the fragments of the guest, on top of nothing.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelProfile } from '../model/execution.js';
import { ok, type Result } from '../model/result.js';
import { notExecutable, type ExecutionFailure } from './request.js';

/** Values by option, without `CONFIG_`: `y`, `n`, a number or a quoted text. */
export type KernelConfiguration = ReadonlyMap<string, string>;

const option = /^CONFIG_(\w+)=(.*)$/;
const unset = /^# CONFIG_(\w+) is not set$/;

/** The options of a text in the format of `.config`; comments and blank lines are left out. */
export function parseConfiguration(text: string): Map<string, string> {
  const options = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, value] = option.exec(line) ?? unset.exec(line) ?? [];
    if (name !== undefined) options.set(name, value ?? 'n');
  }
  return options;
}

/** What the guest of a subsystem asks for. `overrides` are by name, with or without `CONFIG_`, and go before the fragments. */
export function wantedConfiguration(
  guest: string,
  subsystem: string,
  profile: KernelProfile,
  overrides: Readonly<Record<string, boolean>>,
): Result<KernelConfiguration, ExecutionFailure> {
  const wanted = new Map<string, string>();
  for (const name of ['common', profile, subsystem]) {
    const path = join(guest, 'config', `${name}.config`);
    if (!existsSync(path)) return notExecutable(`${path} is missing, so no kernel can be configured for ${subsystem}`);
    for (const [key, value] of parseConfiguration(readFileSync(path, 'utf8'))) wanted.set(key, value);
  }
  for (const [key, value] of Object.entries(overrides)) wanted.set(key.replace(/^CONFIG_/, ''), value ? 'y' : 'n');
  return ok(wanted);
}

export function formatConfiguration(configuration: KernelConfiguration): string {
  return [...configuration].map(([name, value]) => `CONFIG_${name}=${value}\n`).join('');
}

/** Options that the tree gave another value than was asked for, since it does not have them or what they depend on. */
export function notTaken(wanted: KernelConfiguration, actual: KernelConfiguration): readonly string[] {
  return [...wanted].filter(([name, value]) => (actual.get(name) ?? 'n') !== value).map(([name, value]) => `CONFIG_${name}=${value}`);
}
