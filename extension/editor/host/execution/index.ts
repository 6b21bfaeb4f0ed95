// Scenarios in QEMU: commands, a profile of the Test Explorer, lenses, the status bar, problems of the build.
import { StatusBarAlignment, window, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { phaseText, progressText } from '../../../review/report/text/progress-text.js';
import type { Analyzer } from '../analyzer.js';
import { registerCommand } from '../commands.js';
import type { SeriesStore } from '../series/store.js';
import type { SimulationFeatures } from '../simulation/index.js';
import type { SimulationRuns } from '../simulation/runs.js';
import { BuildProblems } from './build-problems.js';
import { KernelCommands } from './commands.js';
import { Consent } from './consent.js';
import { activateKernelLenses } from './lenses.js';
import { ExecutionQueue, type ScenarioExecutor } from './queue.js';
import { KernelRuns } from './runs.js';
import { KernelTests } from './tests.js';

interface Needed {
  readonly simulation: SimulationFeatures;
  readonly series: SeriesStore;
  readonly log: LogOutputChannel;
  readonly checker: Analyzer;
}

/** Registers only: nothing is built or started before somebody asks for it. Answers how to end all that runs then. */
export function activateExecution(context: ExtensionContext, { simulation, series, log, checker }: Needed): () => Promise<void> {
  const output = window.createOutputChannel('FUSE Review: QEMU', 'log');
  const problems = new BuildProblems();
  const queue = new ExecutionQueue((cache) => startExecutor(context, simulation.runs, checker, cache));
  const runs = new KernelRuns(queue, new Consent(context.workspaceState), problems, output, log);
  const { items, library, panels, targets, scenarios } = simulation;
  const tests = new KernelTests(items, runs, targets.pick);
  const commands = new KernelCommands(runs, tests, panels, targets, scenarios, output);
  context.subscriptions.push(
    output,
    problems,
    runs,
    registerCommand('fuseReview.executeScenario', (uri) => commands.run('tree', uri)),
    registerCommand('fuseReview.executeScenarioOfFile', (uri) => commands.runFile(uri)),
    registerCommand('fuseReview.executeAllScenarios', () => commands.runAll()),
    registerCommand('fuseReview.executeScenarioOnSeries', (uri) => commands.run('series', uri)),
    registerCommand('fuseReview.showLastExecution', (uri, kind) => commands.showLast(uri, kind)),
    registerCommand('fuseReview.showExecutionLog', () => commands.showLog()),
    registerCommand('fuseReview.showBuildOutput', () => output.show()),
    registerCommand('fuseReview.stopExecution', () => runs.stop()),
  );
  activateKernelLenses(context, library, runs, series);
  showRunning(context, runs);
  return () => queue.dispose();
}

/**
 * Makes what builds kernels and runs scenarios in them. Loaded with the first run: activation needs none of it. `cache` is the folder for builds and logs. Rejects where the words of scenarios can't be read.
 */
async function startExecutor(
  context: ExtensionContext,
  simulations: SimulationRuns,
  analyzer: Analyzer,
  cache: string,
): Promise<ScenarioExecutor> {
  const { Executions } = await import('../../../runner/executions.js');
  const words = await analyzer.run({ t: 'vocabularies', lane: 'vocabularies' });
  if (words.kind !== 'done') throw new Error(words.kind === 'failed' ? words.message : 'the words of scenarios were not read');
  const installation = { guest: context.asAbsolutePath('dist/guest'), cache };
  return new Executions({ installation, runner: await simulations.threads(), vocabularies: words.answer });
}

/** In the status bar while a kernel is built or runs: how far it is. A click shows the output. */
function showRunning(context: ExtensionContext, runs: KernelRuns): void {
  const item = window.createStatusBarItem('fuseReview.execution', StatusBarAlignment.Left);
  item.name = 'Scenarios in QEMU';
  item.command = 'fuseReview.showBuildOutput';
  const show = (): void => {
    if (!runs.running) return item.hide();
    const { progress, waiting } = runs;
    item.text = `$(loading~spin) QEMU: ${progress === null ? 'starting' : phaseText(progress)}`;
    const more = waiting === 0 ? '' : ` ${waiting} more waiting.`;
    item.tooltip = `${progress === null ? 'Starting' : progressText(progress, Date.now())}.${more} Click for the output.`;
    item.show();
  };
  context.subscriptions.push(item, runs.onDidChange(show));
}
