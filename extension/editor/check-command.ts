// "Check Subsystem": checks the trees of the workspace now, whether a file of them is open or not.
import { commands, window, type ExtensionContext } from 'vscode';
import type { TreeChecks } from './checks.js';
import { registerCommand } from './commands.js';
import type { WorkspaceTrees } from './trees.js';

export function activateCheckCommand(context: ExtensionContext, trees: WorkspaceTrees, checks: TreeChecks): void {
  context.subscriptions.push(
    registerCommand('fuseReview.checkSubsystem', async () => {
      const found = await trees.whenSettled();
      if (found.length === 0) {
        void window.showErrorMessage(`No kernel tree with ${trees.wantedText} is open.`);
        return;
      }
      for (const tree of found) checks.check(tree);
      await commands.executeCommand('workbench.actions.view.problems');
    }),
  );
}
