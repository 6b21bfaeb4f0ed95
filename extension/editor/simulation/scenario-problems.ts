// Mistakes in scenario files as they are typed, with or without an extension for YAML.
import { Diagnostic, DiagnosticSeverity, languages, workspace, type ExtensionContext, type Uri } from 'vscode';
import { diagnosticSource, toRange } from '../diagnostics.js';
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
  context.subscriptions.push(collection, library.onDidChange(show));
}
