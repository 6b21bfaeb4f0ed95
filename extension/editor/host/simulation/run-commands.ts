// The commands that run scenarios of files: chosen ones, or those that call the function under the cursor.
import { commands, ProgressLocation, Uri, window, type CancellationToken, type Progress, type TextEditor } from 'vscode';
import type { Analyzer } from '../analyzer.js';
import type { WorkspaceTrees } from '../trees/trees.js';
import { Coverage } from './coverage.js';
import type { ScenarioLibrary } from './library.js';
import { counted } from '../../../model/plural.js';
import { errorsOf, summaryOf, totalOf, verdictOf } from './outcome.js';
import type { SimulationPanels } from './panel.js';
import type { ScenarioPicker } from './pick-scenarios.js';
import type { TargetPicker } from './pick-target.js';
import { pageOf, type RunOutcome, type SimulationRuns } from './runs.js';
import { treeTarget, type TargetKind } from './targets.js';
import type { ScenarioTests } from './tests.js';

export class RunCommands {
  private readonly coverage: Coverage;

  constructor(
    private readonly analyzer: Analyzer,
    private readonly trees: WorkspaceTrees,
    private readonly library: ScenarioLibrary,
    private readonly runs: SimulationRuns,
    private readonly tests: ScenarioTests,
    private readonly panels: SimulationPanels,
    private readonly picker: TargetPicker,
    private readonly scenarios: ScenarioPicker,
  ) {
    this.coverage = new Coverage(analyzer, runs);
  }

  /** Runs the scenario of a file, or scenarios that are chosen. */
  async runScenarios(kind: TargetKind, uri?: Uri): Promise<void> {
    const target = await this.picker.pick(kind);
    if (target === undefined) return;
    const files = uri === undefined ? await this.scenarios.choose(`Scenarios to run on ${target.title}`) : await this.scenarios.usable(uri);
    if (files.length === 0) return;
    const outcomes = await withProgress(`Running on ${target.title}`, (progress, token) => {
      const say = counting(progress, files.length);
      return this.tests.run(files, target, token, (outcome) => say(`${outcome.scenario.name}: ${summaryOf(outcome)}`));
    });
    await this.conclude(outcomes, files.length);
  }

  /** Runs all scenarios that this tree's last text was not run with, and shows those that call the function. */
  async runForFunction(): Promise<void> {
    const editor = window.activeTextEditor;
    const place = editor === undefined ? undefined : this.trees.of(editor.document.uri);
    if (editor === undefined || place === undefined) {
      void window.showErrorMessage('Put the cursor on a function of an open kernel tree.');
      return;
    }
    const target = treeTarget(place.tree);
    const files = (await this.library.all()).filter(({ scenario }) => scenario !== null);
    const outcomes = await withProgress(`Looking for scenarios on ${target.title}`, (progress, token) =>
      this.coverage.run(target, files, token, counting(progress, files.length)),
    );
    const called = new Set(outcomes.flatMap(({ outcome }) => outcome.result.covered ?? []));
    const name = await this.functionAt(editor, place.path, called);
    if (name === null) {
      void window.showErrorMessage('The cursor is not on a function.');
      return;
    }
    const calling = outcomes.filter(({ outcome }) => outcome.result.covered?.includes(name));
    const ran = outcomes.filter(({ outcome }) => outcome.result.covered !== undefined).length;
    if (calling.length === 0) {
      const left = ran < files.length ? `; ${files.length - ran} were not run` : '';
      void window.showInformationMessage(`None of ${counted(ran, 'scenario')} calls ${name}()${left}.`);
      return;
    }
    this.tests.report(calling, `Scenarios that call ${name}()`);
    await this.conclude(
      calling.map(({ outcome }) => outcome),
      calling.length,
      `${calling.length} of ${counted(ran, 'scenario')} ${calling.length === 1 ? 'calls' : 'call'} ${name}()`,
    );
  }

  /** Shows what a scenario came to when it was run last in this session. */
  async showLast(uri: string, kind: TargetKind): Promise<void> {
    const outcome = this.runs.lastOf(Uri.parse(uri), kind);
    if (outcome !== undefined) await this.panels.show(pageOf(outcome));
    else void window.showInformationMessage('This scenario was not run since the window was opened. Run it again to see it.');
  }

  private async functionAt({ document, selection }: TextEditor, file: string, called: ReadonlySet<string>): Promise<string | null> {
    const range = document.getWordRangeAtPosition(selection.active);
    const word = range === undefined ? '' : document.getText(range);
    if (called.has(word)) return word;
    const offset = document.offsetAt(selection.active);
    const outcome = await this.analyzer.run({ t: 'function-at', lane: 'function', file, text: document.getText(), offset });
    return outcome.kind === 'done' ? outcome.answer : null;
  }

  /** One run is shown; of several it is said what they came to, and any of them can be opened. */
  private async conclude(outcomes: readonly RunOutcome[], wanted: number, about?: string): Promise<void> {
    const [only] = outcomes;
    if (only === undefined) return;
    if (outcomes.length === 1 && wanted === 1) {
      await this.panels.show(pageOf(only));
      return;
    }
    const total = totalOf(outcomes.map(verdictOf));
    const missing = wanted > outcomes.length ? ` (${wanted - outcomes.length} left)` : '';
    const action = 'Open Runs...';
    const text = `${about === undefined ? '' : `${about}. `}${total}${missing}.`;
    const failed = outcomes.some((outcome) => errorsOf(outcome).length > 0);
    const picked = await (failed ? window.showWarningMessage(text, action) : window.showInformationMessage(text, action));
    if (picked === action) await commands.executeCommand('fuseReview.openRun');
  }
}

/** With a button that cancels. */
export function withProgress<T>(
  title: string,
  work: (progress: Progress<{ message: string; increment: number }>, token: CancellationToken) => Promise<T>,
): Promise<T> {
  return Promise.resolve(window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, work));
}

/** Says how many of all are done, and what the last one came to. */
function counting(progress: Progress<{ message: string; increment: number }>, all: number): (last: string) => void {
  let done = 0;
  if (all > 1) progress.report({ message: `0 of ${all}`, increment: 0 });
  return (last) => progress.report({ message: `${++done} of ${all}; ${last}`, increment: 100 / all });
}
