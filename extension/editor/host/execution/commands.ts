// The commands that run scenarios in a kernel and show what came of it.
import { Uri, window, workspace, type OutputChannel } from 'vscode';
import type { NewRun, SimulationPanels } from '../simulation/panel.js';
import type { ScenarioPicker, UsableScenario } from '../simulation/pick-scenarios.js';
import type { TargetPicker } from '../simulation/pick-target.js';
import type { TargetKind } from '../simulation/targets.js';
import { trusted } from './consent.js';
import { executionSummary, executionTotal, executionVerdict, faultText, totalVerdict } from './outcome.js';
import type { KernelOutcome, KernelRuns } from './runs.js';
import type { KernelTests } from './tests.js';

export class KernelCommands {
  constructor(
    private readonly runs: KernelRuns,
    private readonly tests: KernelTests,
    private readonly panels: SimulationPanels,
    private readonly targets: TargetPicker,
    private readonly scenarios: ScenarioPicker,
    private readonly output: OutputChannel,
  ) {}

  /** Runs the scenario of a file, or scenarios that are chosen. */
  async run(kind: TargetKind, uri?: Uri): Promise<void> {
    // Nobody chooses what will be refused.
    if (!(await trusted())) return;
    const choose = uri === undefined ? this.scenarios.choose('Scenarios to run in QEMU') : this.scenarios.usable(uri);
    await this.execute(kind, await choose);
  }

  /** Runs the scenario on screen. */
  async runFile(uri = window.activeTextEditor?.document.uri): Promise<void> {
    if (uri === undefined) void window.showErrorMessage('No scenario file is open.');
    else await this.run('tree', uri);
  }

  async runAll(): Promise<void> {
    if (await trusted()) await this.execute('tree', await this.scenarios.all());
  }

  /** Shows what a scenario came to when it was run last in a kernel. */
  async showLast(uri: string, kind: TargetKind): Promise<void> {
    const outcome = this.runs.lastOf(Uri.parse(uri), kind);
    if (outcome !== undefined) await this.open([outcome]);
    else void window.showInformationMessage('This scenario was not run in QEMU since the window was opened. Run it again to see it.');
  }

  /** Shows the log of the kernel that ran last. */
  async showLog(): Promise<void> {
    const { log } = this.runs;
    if (log === null) {
      this.output.show();
      void window.showInformationMessage('No kernel was run since the window was opened. Its log is shown here while one runs.');
      return;
    }
    try {
      await window.showTextDocument(await workspace.openTextDocument(Uri.file(log)), { preview: true });
    } catch {
      void window.showWarningMessage(`The log is not kept any more: ${log}.`);
    }
  }

  private async execute(kind: TargetKind, files: readonly UsableScenario[]): Promise<void> {
    if (files.length === 0) return;
    const target = await this.targets.pick(kind);
    if (target === undefined) return;
    const ended = await this.tests.run(files, target);
    if (ended === undefined || ended.outcomes.length === 0) return;
    const [only] = ended.outcomes;
    if (files.length === 1 && only?.results.length === 1) await this.panels.show(pageOf(only, 0));
    else await this.conclude(ended.outcomes, files.length);
  }

  /** Of several runs it is said what they came to, and any of them can be opened. */
  private async conclude(outcomes: readonly KernelOutcome[], wanted: number): Promise<void> {
    const verdicts = outcomes.map(({ results }) => totalVerdict(results));
    const missing = wanted > outcomes.length ? ` (${wanted - outcomes.length} left)` : '';
    const text = `${executionTotal(verdicts)}${missing}.`;
    const action = 'Open Runs...';
    const fine = verdicts.every((verdict) => verdict === 'passed');
    const picked = await (fine ? window.showInformationMessage(text, action) : window.showWarningMessage(text, action));
    if (picked === action) await this.open(outcomes);
  }

  private async open(outcomes: readonly KernelOutcome[]): Promise<void> {
    const items = outcomes.flatMap((outcome) =>
      outcome.results.map((result, at) => ({
        label: outcome.file.scenario.name,
        description: faultText(result).trim(),
        detail: executionSummary(result),
        failed: executionVerdict(result) !== 'passed',
        page: pageOf(outcome, at),
      })),
    );
    const [only] = items;
    if (only !== undefined && items.length === 1) return this.panels.show(only.page);
    const failedFirst = [...items].sort((a, b) => Number(b.failed) - Number(a.failed));
    const chosen = await window.showQuickPick(failedFirst, { title: 'Runs to open', canPickMany: true, matchOnDetail: true });
    for (const { page } of chosen ?? []) await this.panels.show(page);
  }
}

/** The page of one result of an outcome. */
function pageOf({ file, target, results }: KernelOutcome, at: number): NewRun {
  const execution = results[at];
  if (execution === undefined) throw new RangeError(`result ${at} of ${results.length}`);
  const title = `${file.scenario.name} in QEMU: ${target.title}${faultText(execution)}`;
  return { title, execution, folder: target.folder, root: target.root, texts: target.texts };
}
