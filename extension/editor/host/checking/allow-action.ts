// "Allow this finding with a reason": a quick fix that asks for the reason and writes the comment. Only on demand.
import {
  CodeAction,
  CodeActionKind,
  EndOfLine,
  languages,
  Position,
  window,
  workspace,
  WorkspaceEdit,
  type Diagnostic,
  type ExtensionContext,
} from 'vscode';
import { allowComment } from './allow-text.js';
import type { TreeChecks } from './checks.js';
import { registerCommand } from '../commands.js';
import { diagnosticSource } from './diagnostics.js';

export function activateAllow(context: ExtensionContext, checks: TreeChecks): void {
  const provider = languages.registerCodeActionsProvider(
    { scheme: 'file', pattern: '**/*.{c,h}' },
    {
      provideCodeActions(document, range, { diagnostics }) {
        const findings = checks.stateOf(document.uri)?.result?.findings ?? [];
        const ours = diagnostics.filter((diagnostic) => diagnostic.source === diagnosticSource);
        return ours.flatMap((diagnostic) => {
          const finding = findings.find(({ rule, message }) => message === diagnostic.message && rule === ruleOf(diagnostic));
          if (finding === undefined) return [];
          const action = new CodeAction(`Allow this ${finding.rule} with a reason...`, CodeActionKind.QuickFix);
          action.diagnostics = [diagnostic];
          // The editor moves a problem with its text; where it stands now counts.
          const { start, end } = diagnostic.range;
          const range = { startLine: start.line, startColumn: start.character, endLine: end.line, endColumn: end.character };
          action.command = { command: 'fuseReview.allowFinding', title: action.title, arguments: [document.uri, { ...finding, range }] };
          return [action];
        });
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
  context.subscriptions.push(
    provider,
    registerCommand('fuseReview.allowFinding', async (uri, finding) => {
      const version = (await workspace.openTextDocument(uri)).version;
      const reason = await window.showInputBox({
        title: `Allow ${finding.rule} in ${finding.function}`,
        prompt: 'Why is it right here? Whoever reads the code next sees this sentence.',
        validateInput: (text) => (/[\p{L}\p{N}]/u.test(text) ? undefined : 'A comment without a reason does not count.'),
      });
      if (reason === undefined) return;
      const document = await workspace.openTextDocument(uri);
      if (document.version !== version) {
        void window.showInformationMessage('The text changed meanwhile; nothing was written. Ask again.');
        return;
      }
      const { startLine } = finding.range;
      const edit = new WorkspaceEdit();
      const eol = document.eol === EndOfLine.CRLF ? '\r\n' : '\n';
      edit.insert(uri, new Position(startLine, 0), allowComment(document.lineAt(startLine).text, finding.rule, reason, eol));
      await workspace.applyEdit(edit);
    }),
  );
}

function ruleOf({ code }: Diagnostic): unknown {
  return typeof code === 'object' ? code.value : code;
}
