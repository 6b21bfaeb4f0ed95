// Activation: makes what the features share, then registers them, a line each. Decides nothing.
import { window, type ExtensionContext } from 'vscode';
import { activateAllow } from './editor/host/checking/allow-action.js';
import { Analyzer } from './editor/host/analyzer.js';
import { TreeChecks } from './editor/host/checking/checks.js';
import { registerCommand } from './editor/host/commands.js';
import { activateDiagnostics } from './editor/host/checking/diagnostics.js';
import { activateExecution } from './editor/host/execution/index.js';
import { activateRules } from './editor/host/checking/rule-pages.js';
import { activateSeries } from './editor/host/series/index.js';
import type { WorkerSetup } from './editor/protocol/messages.js';
import { executionCache } from './editor/host/settings.js';
import { activateSimulation } from './editor/host/simulation/index.js';
import { activateStatus } from './editor/host/status.js';
import { WorkspaceTrees } from './editor/host/trees/trees.js';

let endExecution: (() => Promise<void>) | undefined;

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('FUSE Review', { log: true });
  const script = context.asAbsolutePath('dist/worker.js');
  // Two of them, so that typing never waits for a review. The second starts with the first series.
  const cache = executionCache();
  const data: WorkerSetup = { cache: cache.ok ? cache.value : null };
  const checker = new Analyzer(script, 'check', log, undefined, data);
  const reviewer = new Analyzer(script, 'review', log, undefined, data);
  const trees = new WorkspaceTrees(checker, log);
  const checks = new TreeChecks(checker, trees, log);
  context.subscriptions.push(
    log,
    checker,
    reviewer,
    trees,
    checks,
    registerCommand('fuseReview.showOutput', () => log.show()),
  );

  activateDiagnostics(context, trees, checks);
  activateStatus(context, checks);
  activateRules(context);
  activateAllow(context, checks);
  const series = activateSeries(context, reviewer, trees);
  const simulation = activateSimulation(context, { checker, reviewer, trees, series, log });
  endExecution = activateExecution(context, { simulation, series, log, checker });
}

/** Ends what runs outside of the editor. */
export function deactivate(): Promise<void> | undefined {
  return endExecution?.();
}
