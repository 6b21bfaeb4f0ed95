// The user's settings of runs in a kernel.
import { homedir } from 'node:os';
import { Uri, workspace } from 'vscode';
import type { Result } from '../../model/result.js';
import { section } from '../settings.js';
import type { ExecuteSettings } from '../../runner/executions.js';
import { cacheFolder, readExecutionSettings } from './settings-values.js';

/** The settings for runs on the tree at `root`. */
export function executionSettings(root: string): ExecuteSettings {
  const settings = workspace.getConfiguration(`${section}.execution`, Uri.file(root));
  return readExecutionSettings((name) => settings.get(name));
}

/** The folder for builds and logs, or what is wrong with the setting. */
export function executionCache(): Result<string, string> {
  const setting = workspace.getConfiguration(`${section}.execution`).get('cache');
  return cacheFolder(setting, homedir(), process.env.XDG_CACHE_HOME);
}
