// The pages of the rules, packed with the extension: what a problem's code links to.
import { commands, Uri, window, type ExtensionContext } from 'vscode';
import { ruleIds, type RuleId } from '../../../model/finding.js';
import { rules } from '../../../review/rules.js';
import { registerCommand } from '../commands.js';

export function activateRules(context: ExtensionContext): void {
  context.subscriptions.push(
    registerCommand('fuseReview.showRule', async (rule?: RuleId) => {
      const wanted = rule ?? (await pickRule());
      if (wanted === undefined || !(ruleIds as readonly string[]).includes(wanted)) return;
      const page = Uri.joinPath(context.extensionUri, 'docs', 'rules', `${wanted}.md`);
      try {
        await commands.executeCommand('markdown.showPreview', page);
      } catch {
        // The built-in Markdown extension may be disabled; the page reads well as text, too.
        await window.showTextDocument(page, { preview: true });
      }
    }),
  );
}

/** What a click on a rule's id opens. */
export function rulePage(rule: RuleId): Uri {
  return Uri.parse(`command:fuseReview.showRule?${encodeURIComponent(JSON.stringify([rule]))}`);
}

async function pickRule(): Promise<RuleId | undefined> {
  const items = ruleIds.map((rule) => ({ label: rule, detail: rules[rule].title }));
  const picked = await window.showQuickPick(items, { title: 'Rules of FUSE Backing Review', matchOnDetail: true });
  return picked?.label;
}
