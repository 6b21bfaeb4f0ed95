// "Open Run...": shows a run that was shown before, as it was left.
import { window, type ExtensionContext } from 'vscode';
import { registerCommand } from '../commands.js';
import type { SimulationPanels } from './panel.js';

export function activateReopenRun(context: ExtensionContext, panels: SimulationPanels): void {
  context.subscriptions.push(registerCommand('fuseReview.openRun', () => reopen(panels)));
}

async function reopen(panels: SimulationPanels): Promise<void> {
  const runs = await panels.runs();
  if (runs.length === 0) {
    void window.showInformationMessage('No scenario was run in this workspace yet.');
    return;
  }
  const items = runs.map(({ id, title, time }) => ({ id, label: title, description: new Date(time).toLocaleString() }));
  const chosen = await window.showQuickPick(items, { placeHolder: 'A run to open again', matchOnDescription: true });
  if (chosen !== undefined && !(await panels.reopen(chosen.id))) void window.showWarningMessage('This run is not kept any more.');
}
