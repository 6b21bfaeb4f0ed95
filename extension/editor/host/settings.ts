// The user's settings of a tree: of its checks, read from the workspace folder that it belongs to, and of runs on it.
import { homedir } from 'node:os';
import { isAbsolute, join, sep } from 'node:path';
import { Uri, workspace } from 'vscode';
import type { Result } from '../../model/result.js';
import type { ExecuteSettings } from '../../runner/executions.js';
import type { Bounds } from '../../simulator/explore/bounds.js';
import type { TreeSettings } from '../protocol/messages.js';
import { cacheFolder, readBounds, readConfig, readExecutionSettings } from './settings-values.js';

export const section = 'fuseReview';

export function settingsOf(root: string): TreeSettings {
  const folder = folderOf(root);
  const configuration = workspace.getConfiguration(section, folder?.uri ?? Uri.file(root));
  const file = (name: 'baseline' | 'contracts'): string | null => {
    const set = configuration.get<string>(name, '').trim();
    return set === '' ? null : isAbsolute(set) ? set : join(folder?.uri.fsPath ?? root, set);
  };
  return { config: readConfig(configuration.get<unknown>('config')), baseline: file('baseline'), contracts: file('contracts') };
}

/** How far simulations on the tree at `root` go. */
export function boundsOf(root: string): Bounds {
  const settings = workspace.getConfiguration(`${section}.simulation`, Uri.file(root));
  return readBounds((name) => settings.get(name));
}

/** How scenarios are run in a kernel of the tree at `root`. */
export function executionSettings(root: string): ExecuteSettings {
  const settings = workspace.getConfiguration(`${section}.execution`, Uri.file(root));
  return readExecutionSettings((name) => settings.get(name));
}

/** The folder for builds and logs of kernels, and for results of scenarios; or what is wrong with the setting. */
export function executionCache(): Result<string, string> {
  const setting = workspace.getConfiguration(`${section}.execution`).get('cache');
  return cacheFolder(setting, homedir(), process.env.XDG_CACHE_HOME);
}

/** The workspace folder that holds the tree, or that the tree holds. */
function folderOf(root: string): { readonly uri: Uri } | undefined {
  return (
    workspace.getWorkspaceFolder(Uri.file(root)) ?? workspace.workspaceFolders?.find((folder) => folder.uri.fsPath.startsWith(root + sep))
  );
}
