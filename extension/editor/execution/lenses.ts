// Above a scenario, beside the simulator's lenses: run it in QEMU, and see what its last run there came to.
import { CodeLens, EventEmitter, languages, Range, window, workspace, type CodeLensProvider, type ExtensionContext } from 'vscode';
import type { SeriesStore } from '../series/store.js';
import { scenarioDocuments } from '../simulation/lenses.js';
import type { ScenarioLibrary } from '../simulation/library.js';
import { summaryOfAll } from './outcome.js';
import type { KernelRuns } from './runs.js';

export function activateKernelLenses(context: ExtensionContext, library: ScenarioLibrary, runs: KernelRuns, series: SeriesStore): void {
  const changed = new EventEmitter<void>();
  const again = (): void => changed.fire();
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses({ uri }) {
      const file = library.get(uri) ?? (await library.read(uri));
      if (!workspace.isTrusted || file === undefined || file.problems.length > 0) return [];
      const lens = (title: string, command: string, ...given: readonly unknown[]): CodeLens =>
        new CodeLens(new Range(0, 0, 0, 0), { title, command, arguments: [...given] });
      const lenses = [lens('$(vm) Run in QEMU', 'fuseReview.executeScenarioOfFile', uri)];
      if (series.all.length > 0) lenses.push(lens('$(vm) Run in QEMU on Series', 'fuseReview.executeScenarioOnSeries', uri));
      for (const kind of ['tree', 'series'] as const) {
        const last = runs.lastOf(uri, kind);
        if (last === undefined) continue;
        const title = `Show Last Run in QEMU on ${last.target.title}: ${summaryOfAll(last.results)}`;
        lenses.push(lens(title, 'fuseReview.showLastExecution', uri.toString(), kind));
      }
      return lenses;
    },
  };
  let ran = 0;
  context.subscriptions.push(
    changed,
    languages.registerCodeLensProvider(scenarioDocuments, provider),
    library.onDidChange(again),
    // Progress says nothing to a lens; that a scenario was run does.
    runs.onDidChange(() => {
      if (runs.count !== ran) again();
      ran = runs.count;
    }),
    series.onDidChange(again),
    workspace.onDidGrantWorkspaceTrust(again),
    window.onDidChangeActiveTextEditor(again),
  );
}
