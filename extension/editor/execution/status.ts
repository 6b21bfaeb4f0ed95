// In the status bar while a kernel is built or runs: how far it is. A click shows the output.
import { StatusBarAlignment, window, type ExtensionContext } from 'vscode';
import { phaseText, progressText } from '../../review/progress-text.js';
import type { KernelRuns } from './runs.js';

export function activateKernelStatus(context: ExtensionContext, runs: KernelRuns): void {
  const item = window.createStatusBarItem('fuseReview.execution', StatusBarAlignment.Left);
  item.name = 'Scenarios in QEMU';
  item.command = 'fuseReview.showBuildOutput';
  const show = (): void => {
    if (!runs.running) return item.hide();
    const { progress, waiting } = runs;
    item.text = `$(loading~spin) QEMU: ${progress === null ? 'starting' : phaseText(progress)}`;
    const more = waiting === 0 ? '' : ` ${waiting} more waiting.`;
    item.tooltip = `${progress === null ? 'Starting' : progressText(progress, Date.now())}.${more} Click for the output.`;
    item.show();
  };
  context.subscriptions.push(item, runs.onDidChange(show));
}
