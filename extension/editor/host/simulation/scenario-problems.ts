// Mistakes in scenario files as they are typed, with or without an extension for YAML, and quick fixes for misspelt words.
import {
  CodeAction,
  CodeActionKind,
  Diagnostic,
  DiagnosticSeverity,
  languages,
  Range,
  workspace,
  WorkspaceEdit,
  type Disposable,
  type ExtensionContext,
  type Uri,
} from 'vscode';
import type { InputProblem } from '../../../model/problem.js';
import { diagnosticSource, toRange } from '../checking/diagnostics.js';
import { scenarioDocuments } from './lenses.js';
import type { ScenarioLibrary } from './library.js';
import { problemRange } from './scenario-files.js';

export function activateScenarioProblems(context: ExtensionContext, library: ScenarioLibrary): void {
  const collection = languages.createDiagnosticCollection('fuse-review-scenarios');
  const show = (uri: Uri): void => {
    const problems = library.get(uri)?.problems ?? [];
    const document = workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    const lines = document?.getText().split(/\r?\n/) ?? [];
    const diagnostics = problems.map((problem) => {
      const range = toRange(problemRange(problem, lines));
      const severity = problem.severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
      const diagnostic = new Diagnostic(range, problem.message, severity);
      diagnostic.source = diagnosticSource;
      return diagnostic;
    });
    if (diagnostics.length === 0) collection.delete(uri);
    else collection.set(uri, diagnostics);
  };
  context.subscriptions.push(collection, library.onDidChange(show), registerFixes(library));
}

/** Quick fixes for misspelt words. */
function registerFixes(library: ScenarioLibrary): Disposable {
  return languages.registerCodeActionsProvider(
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
}
