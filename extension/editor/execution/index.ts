// Scenarios in QEMU: commands, a profile of the Test Explorer, lenses, the status bar, problems of the build.
import { window, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { Analyzer } from '../analyzer.js';
import { registerCommand } from '../commands.js';
import type { SeriesStore } from '../series/store.js';
import type { SimulationFeatures } from '../simulation/index.js';
import { BuildProblems } from './build-problems.js';
import { KernelCommands } from './commands.js';
import { Consent } from './consent.js';
import { activateKernelLenses } from './lenses.js';
import { ExecutionQueue } from './queue.js';
import { KernelRuns } from './runs.js';
import { startExecutor } from './start.js';
import { activateKernelStatus } from './status.js';
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
  activateKernelStatus(context, runs);
  return () => queue.dispose();
}
