// Simulation in the editor: scenarios with their problems and lenses, the Test Explorer, the commands, the pages of runs.
import { StatusBarAlignment, window, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { Analyzer } from '../analyzer.js';
import { registerCommand } from '../commands.js';
import type { SeriesStore } from '../series/store.js';
import type { WorkspaceTrees } from '../trees.js';
import { ScenarioLibrary } from './library.js';
import { activateLenses } from './lenses.js';
import { ModelDocuments } from './model-documents.js';
import { SimulationPanels } from './panel.js';
import { TargetPicker } from './pick-target.js';
import { activateReopenRun } from './reopen-command.js';
import { RunCommands } from './run-commands.js';
import { SimulationRuns } from './runs.js';
import { activateScenarioProblems } from './scenario-problems.js';
import { SequenceCommands } from './sequence-commands.js';
import { ScenarioTests } from './tests.js';

interface Needed {
  readonly checker: Analyzer;
  readonly reviewer: Analyzer;
  readonly trees: WorkspaceTrees;
  readonly series: SeriesStore;
  readonly log: LogOutputChannel;
}

/** Registers only: no scenario is read and no thread is started before somebody asks for it. */
export function activateSimulation(context: ExtensionContext, { checker, reviewer, trees, series, log }: Needed): void {
  const panels = new SimulationPanels(context, log);
  const library = new ScenarioLibrary(checker, trees, log);
  const runs = new SimulationRuns(context);
  const picker = new TargetPicker(trees, series, reviewer);
  const tests = new ScenarioTests(library, runs, picker.pick);
  const scenarios = new RunCommands(checker, trees, library, runs, tests, panels, picker);
  const sequences = new SequenceCommands(checker, runs, tests, panels, picker);
  context.subscriptions.push(
    panels,
    library,
    runs,
    tests,
    new ModelDocuments(context.extensionUri),
    registerCommand('fuseReview.runScenario', (uri) => scenarios.runScenarios('tree', uri)),
    registerCommand('fuseReview.runScenarioOnSeries', (uri) => scenarios.runScenarios('series', uri)),
    registerCommand('fuseReview.runScenariosForFunction', () => scenarios.runForFunction()),
    registerCommand('fuseReview.showLastRun', (uri, kind) => scenarios.showLast(uri, kind)),
    registerCommand('fuseReview.generateSequences', () => sequences.generate()),
    registerCommand('fuseReview.replaySchedule', () => sequences.replay()),
    registerCommand('fuseReview.stopSimulation', () => runs.stop()),
  );
  activateScenarioProblems(context, library);
  activateLenses(context, library, runs, series);
  activateReopenRun(context, panels);
  showRunning(context, runs);
}

/** In the status bar while anything runs; a click stops it. */
function showRunning(context: ExtensionContext, runs: SimulationRuns): void {
  const item = window.createStatusBarItem('fuseReview.simulation', StatusBarAlignment.Left);
  item.name = 'FUSE Simulation';
  item.text = '$(loading~spin) Simulating';
  item.tooltip = 'Scenarios are running. Click to stop them.';
  item.command = 'fuseReview.stopSimulation';
  context.subscriptions.push(
    item,
    runs.onDidChange(() => (runs.running ? item.show() : item.hide())),
  );
}
