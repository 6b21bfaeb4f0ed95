// Simulation in the editor: scenarios with their problems and lenses, the Test Explorer, the commands, the pages of runs.
import { StatusBarAlignment, window, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { Analyzer } from '../analyzer.js';
import { registerCommand } from '../commands.js';
import type { SeriesStore } from '../series/store.js';
import type { WorkspaceTrees } from '../trees/trees.js';
import { ScenarioLibrary } from './library.js';
import { activateLenses } from './lenses.js';
import { ModelDocuments } from './model-documents.js';
import { SimulationPanels } from './panel.js';
import { ScenarioPicker } from './pick-scenarios.js';
import { TargetPicker } from './pick-target.js';
import { activateReopenRun } from './reopen-command.js';
import { RunCommands } from './run-commands.js';
import { pageOf, SimulationRuns } from './runs.js';
import { activateScenarioProblems } from './scenario-problems.js';
import { activateScenarioWords } from './scenario-words.js';
import { SequenceCommands } from './sequence-commands.js';
import { SeriesRuns } from './series-runs.js';
import { ScenarioItems } from './test-items.js';
import { ScenarioTests } from './tests.js';

interface Needed {
  readonly checker: Analyzer;
  readonly reviewer: Analyzer;
  readonly trees: WorkspaceTrees;
  readonly series: SeriesStore;
  readonly log: LogOutputChannel;
}

/** What others who run scenarios need as well. */
export interface SimulationFeatures {
  readonly library: ScenarioLibrary;
  readonly runs: SimulationRuns;
  readonly items: ScenarioItems;
  readonly panels: SimulationPanels;
  readonly targets: TargetPicker;
  readonly scenarios: ScenarioPicker;
}

/** Registers only: no scenario is read and no thread is started before somebody asks for it, or opens a series. */
export function activateSimulation(context: ExtensionContext, { checker, reviewer, trees, series, log }: Needed): SimulationFeatures {
  const panels = new SimulationPanels(context, log);
  const library = new ScenarioLibrary(checker, trees, log);
  const runs = new SimulationRuns(context);
  const targets = new TargetPicker(trees, series, reviewer);
  const scenarios = new ScenarioPicker(library);
  const items = new ScenarioItems(library);
  const tests = new ScenarioTests(items, runs, targets.pick, (outcome) => void panels.keep(pageOf(outcome)));
  const chosen = new RunCommands(checker, trees, library, runs, tests, panels, targets, scenarios);
  const sequences = new SequenceCommands(checker, runs, tests, panels, targets);
  const seriesRuns = new SeriesRuns(series, runs, library, reviewer, panels, log);
  context.subscriptions.push(
    seriesRuns,
    panels,
    library,
    runs,
    items,
    new ModelDocuments(context.extensionUri),
    registerCommand('fuseReview.runScenario', (uri) => chosen.runScenarios('tree', uri)),
    registerCommand('fuseReview.runScenarioOnSeries', (uri) => chosen.runScenarios('series', uri)),
    registerCommand('fuseReview.runScenariosForFunction', () => chosen.runForFunction()),
    registerCommand('fuseReview.showLastRun', (uri, kind) => chosen.showLast(uri, kind)),
    registerCommand('fuseReview.generateSequences', () => sequences.generate()),
    registerCommand('fuseReview.showSeriesRun', (id, scenario, error) => seriesRuns.show(id, scenario, error)),
    registerCommand('fuseReview.replaySchedule', () => sequences.replay()),
    registerCommand('fuseReview.stopSimulation', () => runs.stop()),
  );
  activateScenarioProblems(context, library);
  activateScenarioWords(context, checker, trees);
  activateLenses(context, library, runs, series);
  activateReopenRun(context, panels);
  showRunning(context, runs);
  return { library, runs, items, panels, targets, scenarios };
}

/** In the status bar while anything runs; a click stops it. */
function showRunning(context: ExtensionContext, runs: SimulationRuns): void {
  const item = window.createStatusBarItem('fuseReview.simulation', StatusBarAlignment.Left);
  item.name = 'Simulation';
  item.text = '$(loading~spin) Simulating';
  item.tooltip = 'Scenarios are running. Click to stop them.';
  item.command = 'fuseReview.stopSimulation';
  context.subscriptions.push(
    item,
    runs.onDidChange(() => (runs.running ? item.show() : item.hide())),
  );
}
