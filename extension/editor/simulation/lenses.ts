// Above a scenario: run it on the tree or the series, and see what its last run came to.
import {
  CodeLens,
  EventEmitter,
  languages,
  Range,
  window,
  type CodeLensProvider,
  type DocumentFilter,
  type ExtensionContext,
  type TextDocument,
} from 'vscode';
import type { SeriesStore } from '../series/store.js';
import type { ScenarioLibrary } from './library.js';
import { modelScheme } from './model-documents.js';
import { count, summaryOf } from './outcome.js';
import type { SimulationRuns } from './runs.js';
import { scenarioGlobs } from './scenario-files.js';

/** The documents of scenarios, in files and bundled. */
export const scenarioDocuments: DocumentFilter[] = [
  ...scenarioGlobs.map((pattern) => ({ scheme: 'file', pattern })),
  { scheme: modelScheme, pattern: '**/scenarios/*.yaml' },
];

export function activateLenses(context: ExtensionContext, library: ScenarioLibrary, runs: SimulationRuns, series: SeriesStore): void {
  const changed = new EventEmitter<void>();
  const again = (): void => changed.fire();
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      const file = library.get(document.uri) ?? (await library.read(document.uri));
      return file === undefined ? [] : lensesOf(document, file.problems.length, runs, series.all.length > 0);
    },
  };
  context.subscriptions.push(
    changed,
    languages.registerCodeLensProvider(scenarioDocuments, provider),
    library.onDidChange(again),
    runs.onDidChange(again),
    series.onDidChange(again),
    // VS Code drops what changes while the page of a run opens; whoever comes back to the scenario sees it.
    window.onDidChangeActiveTextEditor(again),
  );
}

function lensesOf({ uri }: TextDocument, mistakes: number, runs: SimulationRuns, seriesOpen: boolean): CodeLens[] {
  const lens = (title: string, command: string, ...given: readonly unknown[]): CodeLens =>
    new CodeLens(new Range(0, 0, 0, 0), { title, command, arguments: [...given] });
  const lenses: CodeLens[] = [];
  if (mistakes > 0) lenses.push(lens(`$(error) ${count(mistakes, 'problem')}`, 'workbench.actions.view.problems'));
  else {
    lenses.push(lens('$(play) Run on Tree', 'fuseReview.runScenario', uri));
    if (seriesOpen) lenses.push(lens('$(play) Run on Series', 'fuseReview.runScenarioOnSeries', uri));
  }
  for (const kind of ['tree', 'series'] as const) {
    const last = runs.lastOf(uri, kind);
    if (last === undefined) continue;
    const summary = summaryOf(last.result, last.base?.result ?? null);
    lenses.push(lens(`Show Last Run on ${last.target.title}: ${summary}`, 'fuseReview.showLastRun', uri.toString(), kind));
  }
  return lenses;
}
