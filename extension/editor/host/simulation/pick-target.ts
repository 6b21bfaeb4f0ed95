// Asks on what scenarios are to be run, where there is a choice, and says what is missing where there is none.
import { commands, window } from 'vscode';
import type { Analyzer } from '../analyzer.js';
import { pickTree } from '../trees/pick-tree.js';
import { titleOf } from '../series/nodes.js';
import type { SeriesStore } from '../series/store.js';
import type { WorkspaceTrees } from '../trees/trees.js';
import { seriesTarget, treeTarget, type SimulationTarget, type TargetKind } from './targets.js';

export class TargetPicker {
  constructor(
    private readonly trees: WorkspaceTrees,
    private readonly series: SeriesStore,
    private readonly analyzer: Analyzer,
  ) {}

  readonly pick = (kind: TargetKind): Promise<SimulationTarget | undefined> => (kind === 'tree' ? this.tree() : this.openSeries());

  private async tree(): Promise<SimulationTarget | undefined> {
    const tree = await pickTree(this.trees, 'On which tree?', 'so there is no code to run scenarios on');
    return tree === undefined ? undefined : treeTarget(tree);
  }

  private async openSeries(): Promise<SimulationTarget | undefined> {
    const all = this.series.all;
    if (all.length === 0) {
      const action = 'Open Patch Series';
      const picked = await window.showErrorMessage('No patch series is open to run scenarios on.', action);
      if (picked === action) await commands.executeCommand('fuseReview.openSeries');
      return undefined;
    }
    const items = all.map((each) => ({ label: titleOf(each.source, each.review), description: each.root, id: each.id }));
    const id = items.length === 1 ? items[0]?.id : (await window.showQuickPick(items, { title: 'On which series?' }))?.id;
    if (id === undefined) return undefined;
    await this.series.whenReviewed(id);
    const series = this.series.get(id);
    if (series === undefined) return undefined;
    const target = await seriesTarget(series, this.analyzer);
    if (target.ok) return target.value;
    void window.showErrorMessage(`No scenario can be run on ${target.failure}`);
    return undefined;
  }
}
