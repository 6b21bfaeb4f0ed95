// Quick fixes for misspelt words of scenario files.
import { CodeAction, CodeActionKind, languages, Range, WorkspaceEdit, type ExtensionContext } from 'vscode';
import type { InputProblem } from '../../model/problem.js';
import { diagnosticSource, toRange } from '../diagnostics.js';
import { scenarioDocuments } from './lenses.js';
import type { ScenarioLibrary } from './library.js';
import { problemRange } from './scenario-files.js';

export function activateScenarioFixes(context: ExtensionContext, library: ScenarioLibrary): void {
  const provider = languages.registerCodeActionsProvider(
    scenarioDocuments,
    {
      provideCodeActions(document, _, { diagnostics }) {
        const problems = library.get(document.uri)?.problems ?? [];
        const lines = document.getText().split(/\r?\n/);
        return diagnostics
          .filter(({ source }) => source === diagnosticSource)
          .flatMap((diagnostic) => {
            const isShown = (problem: InputProblem): boolean =>
              problem.message === diagnostic.message && toRange(problemRange(problem, lines)).isEqual(diagnostic.range);
            const { line = 1, misspelling } = problems.find(isShown) ?? {};
            if (misspelling === undefined) return [];
            const { word, column, meant } = misspelling;
            const range = new Range(line - 1, column - 1, line - 1, column - 1 + word.length);
            // The text may have changed since it was read.
            if (document.getText(range) !== word) return [];
            return meant.map((each, index) => {
              const action = new CodeAction(`Change ${word} to ${each}`, CodeActionKind.QuickFix);
              action.diagnostics = [diagnostic];
              action.isPreferred = index === 0;
              action.edit = new WorkspaceEdit();
              action.edit.replace(document.uri, range, each);
              return action;
            });
          });
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
  context.subscriptions.push(provider);
}
