// Above a scenario, beside the simulator's lenses: run it in QEMU, and see what its last run there came to.
import { workspace, type ExtensionContext } from 'vscode';
import type { SeriesStore } from '../series/store.js';
import { lens, registerLenses } from '../simulation/lenses.js';
import type { ScenarioLibrary } from '../simulation/library.js';
import { summaryOfAll } from './outcome.js';
import type { KernelRuns } from './runs.js';

export function activateKernelLenses(context: ExtensionContext, library: ScenarioLibrary, runs: KernelRuns, series: SeriesStore): void {
  const events = [runs.onDidRun, series.onDidChange, workspace.onDidGrantWorkspaceTrust];
  registerLenses(context, library, events, ({ uri, problems }) => {
    if (!workspace.isTrusted || problems.length > 0) return [];
    const lenses = [lens('$(vm) Run in QEMU', 'fuseReview.executeScenarioOfFile', uri)];
    if (series.all.length > 0) lenses.push(lens('$(vm) Run in QEMU on Series', 'fuseReview.executeScenarioOnSeries', uri));
    for (const kind of ['tree', 'series'] as const) {
      const last = runs.lastOf(uri, kind);
      if (last === undefined) continue;
      const title = `Show Last Run in QEMU on ${last.target.title}: ${summaryOfAll(last.results)}`;
      lenses.push(lens(title, 'fuseReview.showLastExecution', uri.toString(), kind));
    }
    return lenses;
  });
}
