// The commands that run what is in no file: generated sequences, and a path that somebody passed on as a line.
import { window } from 'vscode';
import { formatProblem } from '../../../model/problem.js';
import type { SimulationResult } from '../../../model/simulation.js';
import type { Analyzer } from '../analyzer.js';
import { boundsOf } from '../settings.js';
import { counted } from '../../../model/plural.js';
import { answersOn, replayedResult, runBlames } from './outcome.js';
import type { SimulationPanels } from './panel.js';
import type { TargetPicker } from './pick-target.js';
import { withProgress } from './run-commands.js';
import type { SimulationRuns } from './runs.js';
import type { SimulationTarget } from './targets.js';
import type { ScenarioTests } from './tests.js';

/** More operations than that give so many sequences that nobody waits for them in an editor. */
const mostOperations = 6;

export class SequenceCommands {
  constructor(
    private readonly analyzer: Analyzer,
    private readonly runs: SimulationRuns,
    private readonly tests: ScenarioTests,
    private readonly panels: SimulationPanels,
    private readonly picker: TargetPicker,
  ) {}

  /** Runs every sequence up to a length, tells each different error when it is met, and offers the shortest path to each. */
  async generate(): Promise<void> {
    const target = await this.picker.pick('tree');
    if (target === undefined) return;
    const options = await askOptions();
    if (options === undefined) return;
    const outcome = await this.analyzer.run({ t: 'generate-scenarios', lane: 'generate', subsystem: target.tree.subsystem, options });
    if (outcome.kind !== 'done') {
      if (outcome.kind === 'failed') void window.showErrorMessage(`No sequence could be generated: ${outcome.message}`);
      return;
    }
    const scenarios = outcome.answer;
    const title = `Sequences of up to ${counted(options.operations, 'operation')} on ${target.title}`;
    const output = this.tests.output(title);
    const found = new Map<string, SimulationResult>();
    const tally = { done: 0, notRun: 0, cut: 0 };
    try {
      await withProgress(title, (progress, token) =>
        this.runs.during([token, output.token], async (signal) => {
          for await (const result of this.runs.runAll(target, scenarios, signal)) {
            if (result.bounds.stopped === 'cancelled') continue;
            tally.done++;
            if (result.verdict === 'not run') tally.notRun++;
            else if (!result.bounds.exhaustive) tally.cut++;
            for (const each of result.counterexamples) {
              if (found.has(each.error.id)) continue;
              found.set(each.error.id, { ...result, scenario: each.scenario, counterexamples: [each] });
              output.appendOutput(`${each.error.message}\r\n    ${answersOn(each.trace).join('; ')}\r\n`);
            }
            const message = `${tally.done} of ${scenarios.length}, ${counted(found.size, 'error')}`;
            progress.report({ message, increment: 100 / scenarios.length });
          }
        }),
      );
    } finally {
      output.appendOutput(`${tallyText(tally, scenarios.length, found.size)}\r\n`);
      output.end();
    }
    await this.offer(target, [...found.values()], tallyText(tally, scenarios.length, found.size));
  }

  /** Follows a line such as a counterexample prints, and shows the path. */
  async replay(): Promise<void> {
    const target = await this.picker.pick('tree');
    if (target === undefined) return;
    const { subsystem } = target.tree;
    const line = await window.showInputBox({
      title: 'Replay a schedule',
      prompt: 'The line that a counterexample gives: a scenario, " @ ", and its schedule',
      placeHolder: `${subsystem.examples.sequence} @ fault 1.2`,
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? 'A line such as fuse-review simulate prints after replay:' : undefined),
    });
    if (line === undefined) return;
    const read = await this.analyzer.run({ t: 'read-replay', lane: 'replay', subsystem, line: line.trim() });
    if (read.kind !== 'done') {
      if (read.kind === 'failed') void window.showErrorMessage(`The line can't be read: ${read.message}`);
      return;
    }
    if (!read.answer.ok) {
      void window.showErrorMessage(read.answer.failure.map(formatProblem).join('\n'));
      return;
    }
    const { scenario, schedule } = read.answer.value;
    const replayed = await withProgress(`Replaying on ${target.title}`, (_, token) =>
      this.runs.during([token], (signal) => this.runs.replay(target, scenario, schedule, signal)),
    );
    if (!replayed.ok) {
      void window.showWarningMessage(`On ${target.title}: ${replayed.failure}.`);
      return;
    }
    const result = replayedResult(replayed.value, target.tree.label, boundsOf(target.root));
    await this.show(`Replay: ${target.title}`, result, target);
  }

  private async offer(target: SimulationTarget, results: readonly SimulationResult[], text: string): Promise<void> {
    const action = 'Open Runs...';
    if (results.length === 0) {
      void window.showInformationMessage(text);
      return;
    }
    if ((await window.showWarningMessage(text, action)) !== action) return;
    const items = results.map((result) => ({
      label: result.counterexamples[0]?.error.message ?? '',
      description: counted(result.scenario.steps.length, 'step'),
      detail: result.counterexamples[0]?.trace.operations.map((each) => each.text).join('; ') ?? '',
      result,
    }));
    const chosen = await window.showQuickPick(items, { title: 'Errors to open, the shortest path to each', canPickMany: true });
    for (const { label, result } of chosen ?? []) {
      await this.show(`${label}: ${target.title}`, result, target);
    }
  }

  private show(title: string, result: SimulationResult, { root, texts }: SimulationTarget): Promise<void> {
    return this.panels.show({ title, result, base: null, blames: runBlames(result), root, texts });
  }
}

async function askOptions(): Promise<{ readonly operations: number; readonly threads: 1 | 2 } | undefined> {
  const answer = await window.showInputBox({
    title: 'Generate and run sequences',
    prompt: `All sequences of up to how many operations? From 1 to ${mostOperations}`,
    value: '3',
    validateInput: (text) => (lengthIn(text) === undefined ? `A whole number from 1 to ${mostOperations}` : undefined),
  });
  const operations = answer === undefined ? undefined : lengthIn(answer);
  if (operations === undefined) return undefined;
  const items = [
    { label: 'One thread', detail: 'Operations one after the other', threads: 1 as const },
    { label: 'Two threads', detail: 'The last ones at the same time, in every interleaving', threads: 2 as const },
  ];
  const chosen = await window.showQuickPick(items, { title: 'How do they run?' });
  return chosen === undefined ? undefined : { operations, threads: chosen.threads };
}

function lengthIn(text: string): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number >= 1 && number <= mostOperations ? number : undefined;
}

function tallyText({ done, notRun, cut }: { done: number; notRun: number; cut: number }, all: number, errors: number): string {
  const parts = [
    `${done === all ? counted(all, 'sequence') : `${done} of ${counted(all, 'sequence')}`} run, ${errors === 0 ? 'no error' : counted(errors, 'different error')}`,
    ...(cut > 0 ? [`${cut} not to the end of their bounds`] : []),
    ...(notRun > 0 ? [`${notRun} could not be run`] : []),
  ];
  return parts.join('; ');
}
