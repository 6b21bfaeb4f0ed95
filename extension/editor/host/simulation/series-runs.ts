// Simulates each open series in the background once it is reviewed, and shows the runs behind what the sidebar tells.
import { window, workspace, Uri, type Disposable, type LogOutputChannel } from 'vscode';
import { failed, ok, type Result } from '../../../model/result.js';
import type { Scenario } from '../../../model/scenario.js';
import type { SimulationResult } from '../../../model/simulation.js';
import type { TreeSource } from '../../../model/source.js';
import type { SeriesSimulation } from '../../../review/series-causes.js';
import type { NotSimulated } from '../../../review/verdict.js';
import { seriesRuns, simulateSeries, warmUp, whyNotSimulated } from '../../../runner/simulate-series.js';
import type { Analyzer } from '../analyzer.js';
import type { ShownReview } from '../../protocol/messages.js';
import type { SimulationState } from '../series/series-state.js';
import type { OpenSeries, SeriesStore } from '../series/store.js';
import { section } from '../settings.js';
import type { ScenarioLibrary } from './library.js';
import type { SimulationPanels } from './panel.js';
import { pageOf, type RunOutcome, type SimulationRuns } from './runs.js';
import { seriesTarget, type SimulationTarget } from './targets.js';
import { initialView } from '../../protocol/webview-messages.js';

export class SeriesRuns implements Disposable {
  private readonly begun = new Map<string, { readonly review: ShownReview; readonly controller: AbortController }>();
  /** By series, the names of scenarios in which something changed the last time. */
  private readonly changing = new Map<string, ReadonlySet<string>>();
  /** Milliseconds that scenarios took on some tree, by name. */
  private readonly times = new Map<string, number>();
  private readonly targets = new WeakMap<ShownReview, SimulationTarget>();
  /** What is shown of a result of the series, told in full. */
  private readonly outcomes = new WeakMap<SimulationResult, Promise<RunOutcome>>();
  private readonly listener: Disposable;

  constructor(
    private readonly store: SeriesStore,
    private readonly runs: SimulationRuns,
    private readonly library: ScenarioLibrary,
    private readonly analyzer: Analyzer,
    private readonly panels: SimulationPanels,
    private readonly log: Pick<LogOutputChannel, 'error'>,
  ) {
    this.listener = store.onDidChange((id) => this.follow(id));
    for (const { id } of store.all) this.follow(id);
  }

  /** The page of a scenario on a series and on its base, at an error or at the answers of its steps. */
  async show(id: string, name: string, error: string | null): Promise<void> {
    const series = this.store.get(id);
    const done = series?.simulation;
    const target = series?.review === undefined ? undefined : this.targets.get(series.review);
    const find = <T extends { readonly scenario: { readonly name: string } }>(results: readonly T[]): T | undefined =>
      results.find(({ scenario }) => scenario.name === name);
    if (done?.kind !== 'done' || target === undefined) return;
    const [after, before] = [find(done.simulation.behaviour.results), find(done.simulation.behaviour.base)];
    if (after === undefined || before === undefined) return;
    // Who asks again before it is there, or after, is shown the same.
    let made = this.outcomes.get(after);
    if (made === undefined) this.outcomes.set(after, (made = this.runs.beside(target, after, before)));
    const outcome = await made;
    const { result } = outcome;
    const counterexample = Math.max(
      0,
      result.counterexamples.findIndex((each) => each.error.id === error),
    );
    await this.panels.show(
      pageOf(outcome),
      error === null ? { ...initialView, unfolded: ['behaviours'] } : { ...initialView, counterexample },
    );
  }

  dispose(): void {
    this.listener.dispose();
    for (const { controller } of this.begun.values()) controller.abort();
  }

  /** Begins with a review that was not simulated yet, and ends what runs for one that is not wanted any more. */
  private follow(id: string): void {
    const series = this.store.get(id);
    const before = this.begun.get(id);
    const review = series === undefined || series.edited ? undefined : (series.upcoming ?? series.review);
    if (review !== undefined && before?.review === review) return;
    before?.controller.abort();
    this.begun.delete(id);
    if (series === undefined || review === undefined || series.running) return;
    const nothing = review.patches.length === 0;
    // Somebody is about to type, and waits for what comes of it.
    const warms = nothing && series.source.kind === 'changes' && before === undefined;
    if (nothing && !warms) return;
    const controller = new AbortController();
    this.begun.set(id, { review, controller });
    if (warms) void this.warmUp(series, controller);
    else void this.simulate({ ...series, review }, review, controller);
  }

  private async simulate(series: OpenSeries, review: ShownReview, controller: AbortController): Promise<void> {
    const say = (state: SimulationState): void => this.store.setSimulation(series.id, review, state);
    const unwanted = (): boolean => controller.signal.aborted;
    try {
      const made = await this.prepare(series, review);
      if (!made.ok) {
        say({ kind: 'none', ...made.failure });
        return;
      }
      if (unwanted()) return;
      const { target, scenarios, trees } = made.value;
      this.targets.set(review, target);
      const total = seriesRuns(scenarios);
      let done = 0;
      let shown = Date.now();
      let soFar: SeriesSimulation | undefined;
      const sayRunning = (): void => {
        shown = Date.now();
        say({ kind: 'running', done, total, soFar });
      };
      sayRunning();
      const runner = await this.runs.threads();
      const simulation = await this.runs.during([], (stopped) => {
        stopped.addEventListener('abort', () => controller.abort(), { once: true });
        return simulateSeries(runner, this.likelyFirst(series, scenarios), trees, {
          signal: controller.signal,
          typed: series.source.kind === 'changes',
          onResult: (result) => {
            this.noteTime(result);
            done++;
            if (Date.now() - shown >= 500) sayRunning();
          },
          onChanges: (changes) => {
            soFar = changes;
            this.noteChanging(series.id, changes);
            sayRunning();
          },
        });
      });
      if (unwanted()) say({ kind: 'none', reason: 'stopped', asked: false });
      else {
        this.noteChanging(series.id, simulation);
        say({ kind: 'done', simulation });
      }
    } catch (error) {
      this.log.error(`The simulation of a series failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      say({ kind: 'none', reason: 'it failed; see the output of FUSE Review', asked: false });
      void window.setStatusBarMessage('The simulation of a series failed.', 5000);
    }
  }

  /** Scenarios in which something changed the last time, as what is typed next is likely to show there; then those that take least. */
  private likelyFirst({ id, source }: OpenSeries, scenarios: readonly Scenario[]): readonly Scenario[] {
    if (source.kind !== 'changes') return scenarios;
    const changing = this.changing.get(id);
    const rank = ({ name }: Scenario): number => (changing?.has(name) === true ? -1 : (this.times.get(name) ?? Infinity));
    return scenarios.toSorted((a, b) => rank(a) - rank(b));
  }

  private noteChanging(id: string, { behaviour }: SeriesSimulation): void {
    this.changing.set(id, new Set(behaviour.changes.flatMap(({ scenario, alsoIn }) => [scenario, ...alsoIn])));
  }

  private noteTime({ scenario, stats, verdict }: SimulationResult): void {
    if (verdict !== 'not run') this.times.set(scenario.name, stats.milliseconds);
  }

  private async warmUp(series: OpenSeries, controller: AbortController): Promise<void> {
    const { signal } = controller;
    try {
      if (!simulates(series.root)) return;
      const [target, runner] = [await seriesTarget(series, this.analyzer), await this.runs.threads()];
      if (!target.ok || signal.aborted) return;
      const { tree } = target.value;
      const scenarios = await this.scenariosOf(tree);
      await this.runs.during([], (stopped) => {
        stopped.addEventListener('abort', () => controller.abort(), { once: true });
        return warmUp(runner, scenarios, tree, { signal, onResult: (result) => this.noteTime(result) });
      });
    } catch (error) {
      this.log.error(`The scenarios could not be run ahead: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }

  private async scenariosOf({ subsystem }: TreeSource): Promise<readonly Scenario[]> {
    const files = await this.library.all();
    return files.flatMap(({ bundled, scenario }) => (bundled && scenario?.subsystem === subsystem.name ? [scenario] : []));
  }

  /** What is simulated, or why it is not. */
  private async prepare(
    series: OpenSeries,
    review: ShownReview,
  ): Promise<Result<{ target: SimulationTarget; scenarios: readonly Scenario[]; trees: readonly TreeSource[] }, NotSimulated>> {
    if (!simulates(series.root)) {
      return failed({ reason: 'fuseReview.simulateSeries is off', asked: true });
    }
    const why = whyNotSimulated(review.review);
    if (why !== null) return failed(why);
    const made = await seriesTarget(series, this.analyzer);
    if (!made.ok) return failed({ reason: made.failure, asked: false });
    const target = made.value;
    const scenarios = await this.scenariosOf(target.tree);
    const trees = treesOf(target, review);
    const whyNone = whyNotSimulated(review.review, trees);
    return whyNone === null ? ok({ target, scenarios, trees }) : failed(whyNone);
  }
}

function simulates(root: string): boolean {
  return workspace.getConfiguration(section, Uri.file(root)).get<boolean>('simulateSeries', true);
}

/** The base, then the tree with each patch applied. */
function treesOf({ base, tree }: SimulationTarget, { patches }: ShownReview): readonly TreeSource[] {
  if (base === null) return [tree];
  const files: Record<string, string | null> = {};
  const between = patches.slice(0, -1).map(({ texts }): TreeSource => {
    for (const { path, oldPath, after } of texts) {
      if (path !== oldPath) files[oldPath] = null;
      files[path] = after;
    }
    return { ...base, label: tree.label, files: { ...base.files, ...files } };
  });
  return [base, ...between, tree];
}
