// What the settings of runs in a kernel come to. Free of the editor, so that it can be tested.
import { userCache } from '../../executor/user-cache.js';
import { isAbsolute, join } from 'node:path';
import type { FaultPlan } from '../../executor/request.js';
import { kernelProfiles, type KernelProfile } from '../../model/execution.js';
import { failed, ok, type Result } from '../../model/result.js';
import type { ExecuteSettings } from '../../runner/executions.js';

/** How often a scenario is run in one kernel where nobody says: often enough for a leak to add up. */
export const defaultRounds = 20;

/** Values that a settings file may not have are taken as if they were not there; the settings editor marks them. */
export function readExecutionSettings(get: (name: string) => unknown): ExecuteSettings {
  const rounds = get('rounds');
  return {
    profile: profileOf(get('profile')),
    faults: faultsOf(get('failNth')),
    rounds: typeof rounds === 'number' && Number.isInteger(rounds) && rounds >= 1 ? rounds : defaultRounds,
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
  if (value === 'all') return 'all';
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 ? value : 'none';
}
