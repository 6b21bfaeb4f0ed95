// Scenarios run in a kernel from the Test Explorer: a message for each report, and for each step that differs from the simulator.
import {
  Location,
  MarkdownString,
  Position,
  Range,
  TestMessage,
  TestMessageStackFrame,
  type CancellationToken,
  type TestItem,
  type TestRun,
  type TestRunRequest,
} from 'vscode';
import type { ExecutionResult, KernelFrame, KernelReport } from '../../../model/execution.js';
import type { UsableScenario } from '../simulation/pick-scenarios.js';
import type { SimulationTarget } from '../simulation/targets.js';
import type { ScenarioItems } from '../simulation/test-items.js';
import type { PickTarget } from '../simulation/tests.js';
import { answersOf, executionVerdict, mainFrame, summaryOfAll, totalVerdict } from './outcome.js';
import type { KernelEnd, KernelOutcome, KernelRuns } from './runs.js';

/** Frames of a report that its message shows. */
const fewFrames = 12;

export class KernelTests {
  constructor(
    private readonly items: ScenarioItems,
    private readonly runs: KernelRuns,
    pick: PickTarget,
  ) {
    const run: Parameters<ScenarioItems['addProfile']>[2] = (request, target, token) => this.execute(request, target, [token]);
    items.addProfile('In QEMU', () => pick('tree'), run);
    items.addProfile('In QEMU, on the Open Series', () => pick('series'), run);
  }

  /** Runs scenarios so that their results appear in the Test Explorer; undefined where it was not begun. */
  async run(files: readonly UsableScenario[], target: SimulationTarget): Promise<KernelEnd | undefined> {
    return this.execute(await this.items.requestFor(files.map(({ uri }) => uri)), target, []);
  }

  private async execute(
    request: TestRunRequest,
    target: SimulationTarget,
    tokens: readonly CancellationToken[],
  ): Promise<KernelEnd | undefined> {
    await this.items.load();
    const run = this.items.begin(request, `Scenarios in QEMU on ${target.title}`);
    try {
      const left = new Map<UsableScenario, TestItem>();
      for (const item of this.items.wanted(request)) {
        const file = await this.items.usable(item, run);
        if (file === undefined) continue;
        left.set(file, item);
        run.enqueued(item);
      }
      if (left.size === 0) return undefined;
      const ended = await this.runs.run(target, [...left.keys()], {
        tokens: [...tokens, run.token],
        onScenario: (file) => {
          const item = left.get(file);
          if (item !== undefined) run.started(item);
        },
        onOutcome: (outcome) => {
          const item = left.get(outcome.file);
          left.delete(outcome.file);
          if (item !== undefined) tell(run, item, outcome);
        },
      });
      const end = ended?.end;
      for (const item of left.values()) {
        if (end?.kind === 'failed') run.errored(item, new TestMessage(`On ${target.title}: ${end.message}`));
        else run.skipped(item);
      }
      return ended;
    } finally {
      run.end();
    }
  }
}

function tell(run: TestRun, item: TestItem, outcome: KernelOutcome): void {
  const { results, file } = outcome;
  const summary = summaryOfAll(results);
  const milliseconds = results.reduce((sum, each) => sum + each.milliseconds, 0);
  run.appendOutput(`${file.scenario.name}: ${summary}\r\n`, undefined, item);
  switch (totalVerdict(results)) {
    case 'passed':
      return run.passed(item, milliseconds);
    case 'failed':
      return run.failed(
        item,
        results.flatMap((result) => messagesOf(result, outcome, item)),
        milliseconds,
      );
    case 'unknown':
    case 'not run':
      return run.errored(item, new TestMessage(`In QEMU on ${outcome.target.title}: ${summary}.`), milliseconds);
  }
}

function messagesOf(result: ExecutionResult, { target }: KernelOutcome, item: TestItem): TestMessage[] {
  if (executionVerdict(result) === 'passed') return [];
  const messages = result.reports.map((report) => reportMessage(report, result, target, item));
  return result.agreement.verdict === 'disagrees' ? [...messages, disagreement(result, item)] : messages;
}

/** What was reported, in which step, the call trace, and the way to the page of the run. */
function reportMessage(report: KernelReport, { operations }: ExecutionResult, target: SimulationTarget, item: TestItem): TestMessage {
  const text = new MarkdownString();
  text.isTrusted = { enabledCommands: ['fuseReview.showLastExecution'] };
  const step = operations[report.operation];
  text.appendText(`${report.title}\n`);
  text.appendText(step === undefined ? 'In setup, teardown or later.\n' : `In step ${report.operation + 1}: ${step.text}\n`);
  text.appendCodeblock(report.frames.slice(0, fewFrames).map(frameLine).join('\n'), 'text');
  const show = encodeURIComponent(JSON.stringify([item.uri?.toString(), target.kind]));
  text.appendMarkdown(`[Show the run](command:fuseReview.showLastExecution?${show})`);
  const message = new TestMessage(text);
  const at = mainFrame(report, target.folder)?.at;
  if (at !== undefined && at !== null) message.location = new Location(target.uriOf(at.file), new Range(at.line - 1, 0, at.line - 1, 0));
  const related = report.related.flatMap(({ title, frames }) => frames.map((frame) => stackFrame(frame, target, `${title}: `)));
  message.stackTrace = [...report.frames.map((frame) => stackFrame(frame, target)), ...related];
  return message;
}

/** The answers of simulator and kernel, to be compared as texts. */
function disagreement(result: ExecutionResult, item: TestItem): TestMessage {
  const { simulated, executed } = answersOf(result);
  const { agreement, operations } = result;
  const reason = agreement.reason === null ? '' : `: ${agreement.reason}`;
  const message = TestMessage.diff(`Simulator (expected) and kernel (actual) differ${reason}`, simulated, executed);
  const first = agreement.rows.length === operations.length ? agreement.rows.findIndex(({ agrees }) => !agrees) : -1;
  const line = operations[first]?.line ?? 0;
  if (item.uri !== undefined && line > 0) message.location = new Location(item.uri, new Position(line - 1, 0));
  return message;
}

function stackFrame({ function: name, at }: KernelFrame, target: SimulationTarget, before = ''): TestMessageStackFrame {
  if (at === null) return new TestMessageStackFrame(`${before}${name}`);
  return new TestMessageStackFrame(`${before}${name}`, target.uriOf(at.file), new Position(at.line - 1, 0));
}

function frameLine({ function: name, at, inlined }: KernelFrame): string {
  return `${name}${inlined ? ' (inlined)' : ''}${at === null ? '' : `  ${at.file}:${at.line}`}`;
}
