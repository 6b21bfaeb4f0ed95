// Above a scenario: run it on the tree or the series, and see what its last run came to.
import {
  CodeLens,
  EventEmitter,
  languages,
  Range,
  window,
  type CodeLensProvider,
  type DocumentFilter,
  type Event,
  type ExtensionContext,
} from 'vscode';
import type { SeriesStore } from '../series/store.js';
import type { ScenarioFile, ScenarioLibrary } from './library.js';
import { modelScheme } from './model-documents.js';
import { counted } from '../../../model/plural.js';
import { summaryOf } from './outcome.js';
import type { SimulationRuns } from './runs.js';
import { scenarioGlobs } from './scenario-files.js';

/** The documents of scenarios, in files and bundled. */
export const scenarioDocuments: DocumentFilter[] = [
  ...scenarioGlobs.map((pattern) => ({ scheme: 'file', pattern })),
  { scheme: modelScheme, pattern: '**/scenarios/*.yaml' },
];

export function activateLenses(context: ExtensionContext, library: ScenarioLibrary, runs: SimulationRuns, series: SeriesStore): void {
  registerLenses(context, library, [runs.onDidChange, series.onDidChange], ({ uri, problems }) => {
    const lenses: CodeLens[] = [];
    if (problems.length > 0) lenses.push(lens(`$(error) ${counted(problems.length, 'problem')}`, 'workbench.actions.view.problems'));
    else {
      lenses.push(lens('$(play) Run on Tree', 'fuseReview.runScenario', uri));
      if (series.all.length > 0) lenses.push(lens('$(play) Run on Series', 'fuseReview.runScenarioOnSeries', uri));
    }
    for (const kind of ['tree', 'series'] as const) {
      const last = runs.lastOf(uri, kind);
      if (last === undefined) continue;
      lenses.push(lens(`Show Last Run on ${last.target.title}: ${summaryOf(last)}`, 'fuseReview.showLastRun', uri.toString(), kind));
    }
    return lenses;
  });
}

/** Shows lenses above each scenario, and asks for them again when one of the events fires. */
export function registerLenses(
  context: ExtensionContext,
  library: ScenarioLibrary,
  events: readonly Event<unknown>[],
  lensesOf: (file: ScenarioFile) => CodeLens[],
): void {
  const changed = new EventEmitter<void>();
  const again = (): void => changed.fire();
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses({ uri }) {
      const file = library.get(uri) ?? (await library.read(uri));
      return file === undefined ? [] : lensesOf(file);
    },
  };
  // VS Code drops what changes while the page of a run opens; whoever comes back to the scenario sees it.
  const all: readonly Event<unknown>[] = [library.onDidChange, ...events, window.onDidChangeActiveTextEditor];
  context.subscriptions.push(changed, languages.registerCodeLensProvider(scenarioDocuments, provider), ...all.map((event) => event(again)));
}

export function lens(title: string, command: string, ...given: readonly unknown[]): CodeLens {
  return new CodeLens(new Range(0, 0, 0, 0), { title, command, arguments: [...given] });
}
