// How much of the subsystem was looked at: a language status item, and the list of what was not analysed.
import {
  languages,
  LanguageStatusSeverity,
  RelativePattern,
  Uri,
  window,
  type ExtensionContext,
  type LanguageStatusItem,
  type OutputChannel,
} from 'vscode';
import { registerCommand } from './commands.js';
import type { TreeChecks, TreeState } from './checking/checks.js';
import { notAnalysedText, statusOf } from './status-text.js';
import { absolutePath } from './trees/trees.js';

export function activateStatus(context: ExtensionContext, checks: TreeChecks): void {
  const items = new Map<string, LanguageStatusItem>();
  let list: OutputChannel | undefined;

  const show = (state: TreeState): void => {
    const { root, folder } = state.tree;
    let item = items.get(root);
    if (item === undefined) {
      const pattern = new RelativePattern(Uri.file(absolutePath(root, folder)), '**/*.{c,h}');
      item = languages.createLanguageStatusItem(`fuseReview.${items.size}`, { scheme: 'file', pattern });
      item.name = 'FUSE Backing Review';
      item.command = { command: 'fuseReview.showNotAnalysed', title: 'Show Not Analysed' };
      items.set(root, item);
    }
    const status = statusOf(state, Date.now());
    item.busy = state.running;
    item.text = status.text;
    item.detail = status.detail;
    item.severity =
      status.severity === 'error'
        ? LanguageStatusSeverity.Error
        : status.severity === 'warning'
          ? LanguageStatusSeverity.Warning
          : LanguageStatusSeverity.Information;
  };

  context.subscriptions.push(
    checks.onDidChange((state) => {
      show(state);
      list?.replace(notAnalysedText(checks.all));
    }),
    checks.onDidProgress(show),
    checks.onDidRemove((tree) => {
      items.get(tree.root)?.dispose();
      items.delete(tree.root);
    }),
    registerCommand('fuseReview.showNotAnalysed', () => {
      list ??= window.createOutputChannel('FUSE Review: Not Analysed');
      list.replace(notAnalysedText(checks.all));
      list.show(true);
    }),
    {
      dispose: () => {
        for (const item of items.values()) item.dispose();
        list?.dispose();
      },
    },
  );
}
