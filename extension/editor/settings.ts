// The user's settings of a tree, read from the workspace folder that it belongs to.
import { isAbsolute, join, sep } from 'node:path';
import { Uri, workspace } from 'vscode';
import type { TreeSettings } from './messages.js';

export const section = 'fuseReview';

export function settingsOf(root: string): TreeSettings {
  const folder = folderOf(root);
  const configuration = workspace.getConfiguration(section, folder?.uri ?? Uri.file(root));
  const file = (name: 'baseline' | 'contracts'): string | null => {
    const set = configuration.get<string>(name, '').trim();
    return set === '' ? null : isAbsolute(set) ? set : join(folder?.uri.fsPath ?? root, set);
  };
  return { config: parseOptions(configuration.get<unknown>('config')), baseline: file('baseline'), contracts: file('contracts') };
}

/** The workspace folder that holds the tree, or that the tree holds. */
function folderOf(root: string): { readonly uri: Uri } | undefined {
  return (
    workspace.getWorkspaceFolder(Uri.file(root)) ?? workspace.workspaceFolders?.find((folder) => folder.uri.fsPath.startsWith(root + sep))
  );
}

/** Values other than y and n are shown as mistakes by the settings editor and left out here. */
function parseOptions(value: unknown): Record<string, boolean> {
  const options: Record<string, boolean> = {};
  if (typeof value !== 'object' || value === null) return options;
  for (const [name, setting] of Object.entries(value)) {
    if (!/^CONFIG_\w+$/.test(name)) continue;
    if (setting === 'y' || setting === true) options[name] = true;
    if (setting === 'n' || setting === false) options[name] = false;
  }
  return options;
}
