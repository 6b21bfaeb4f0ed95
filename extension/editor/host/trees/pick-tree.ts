// Which of the open trees a command is about.
import { commands, window } from 'vscode';
import type { Tree } from '../../protocol/messages.js';
import type { WorkspaceTrees } from './trees.js';

/** Asks where there are several; where there is none says so and why it matters (`so ...`), and what to do. */
export async function pickTree(trees: WorkspaceTrees, title: string, why: string): Promise<Tree | undefined> {
  const found = await trees.whenSettled();
  if (found.length <= 1) {
    if (found.length === 0) void sayNoTree(trees.wantedText, why);
    return found[0];
  }
  const items = found.map((tree) => ({ label: tree.root, description: tree.folder, tree }));
  return (await window.showQuickPick(items, { title }))?.tree;
}

async function sayNoTree(wanted: string, why: string): Promise<void> {
  const action = 'Open Folder';
  const message = `No kernel tree with ${wanted} is open, ${why}.`;
  if ((await window.showErrorMessage(message, action)) === action) await commands.executeCommand('workbench.action.files.openFolder');
}
