// What the values of settings come to, whatever somebody wrote there. Free of the editor, so that it can be tested.
import { isAbsolute, join } from 'node:path';
import type { FaultPlan } from '../../executor/request.js';
import { userCache } from '../../runner/user-cache.js';
import { kernelProfiles, type KernelProfile } from '../../model/execution.js';
import { failed, ok, type Result } from '../../model/result.js';
import type { ExecuteSettings } from '../../runner/executions.js';
import { defaultBounds, type Bounds } from '../../simulator/explore/bounds.js';

/** How often a scenario is run in one kernel where nobody says: often enough for a leak to add up. */
const defaultRounds = 20;

/** Values other than y and n are shown as mistakes by the settings editor and left out here. */
export function readConfig(value: unknown): Record<string, boolean> {
  const options: Record<string, boolean> = {};
  if (typeof value !== 'object' || value === null) return options;
  for (const [name, setting] of Object.entries(value)) {
    if (!/^CONFIG_\w+$/.test(name)) continue;
    if (setting === 'y' || setting === true) options[name] = true;
    if (setting === 'n' || setting === false) options[name] = false;
  }
  return options;
}

/** Settings that are no numbers, or below what makes sense, are left at their defaults; the settings editor marks them. */
export function readBounds(get: (name: 'faults' | 'preemptions' | 'paths' | 'seconds') => unknown): Bounds {
  const preemptions = get('preemptions');
  const seconds = get('seconds');
  return {
    faults: whole(get('faults'), 0) ?? defaultBounds.faults,
    preemptions: preemptions === null ? null : (whole(preemptions, 0) ?? defaultBounds.preemptions),
    executions: whole(get('paths'), 1) ?? defaultBounds.executions,
    milliseconds: typeof seconds === 'number' && seconds > 0 ? Math.round(1000 * seconds) : defaultBounds.milliseconds,
  };
}

/** Values that a settings file may not have are taken as if they were not there; the settings editor marks them. */
export function readExecutionSettings(get: (name: string) => unknown): ExecuteSettings {
  return {
    profile: profileOf(get('profile')),
    faults: faultsOf(get('failNth')),
    rounds: whole(get('rounds'), 1) ?? defaultRounds,
    // The page of a run leads to its log.
    keep: true,
  };
}

/** The folder for builds and logs: as set, with `~/` for the home folder, or the user's own cache; or what is wrong with the setting. */
export function cacheFolder(setting: unknown, home: string, xdgCache: string | undefined): Result<string, string> {
  const set = typeof setting === 'string' ? setting.trim() : '';
  if (set === '') return ok(userCache(home, xdgCache));
  const folder = set === '~' || set.startsWith('~/') ? join(home, set.slice(1)) : set;
  return isAbsolute(folder) ? ok(folder) : failed(`fuseReview.execution.cache is not an absolute path: ${set}`);
}

function profileOf(value: unknown): KernelProfile {
  return kernelProfiles.find((profile) => profile === value) ?? 'verdict';
}

function faultsOf(value: unknown): FaultPlan {
  return value === 'all' ? 'all' : (whole(value, 1) ?? 'none');
}

function whole(value: unknown, least: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= least ? value : undefined;
}
