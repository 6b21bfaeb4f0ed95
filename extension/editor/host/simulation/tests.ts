// Scenarios run by the simulator from the Test Explorer: on the open tree or on an open series.
import {
  Location,
  MarkdownString,
  Position,
  Range,
  TestMessage,
  TestMessageStackFrame,
  TestRunRequest,
  type CancellationToken,
  type TestItem,
  type TestRun,
  type Uri,
} from 'vscode';
import { assumedText, type CodePlace, type Counterexample } from '../../../model/simulation.js';
import type { ScenarioFile } from './library.js';
import { counted } from '../../../model/plural.js';
import { answersOn, errorsOf, summaryOf, verdictOf } from './outcome.js';
import type { RunOutcome, SimulationRuns } from './runs.js';
import type { SimulationTarget, TargetKind } from './targets.js';
import type { ScenarioItems } from './test-items.js';

/** Asks, where there is a choice; undefined where there is nothing to run on, which it has said then. */
export type PickTarget = (kind: TargetKind) => Promise<SimulationTarget | undefined>;

export class ScenarioTests {
  constructor(
    private readonly items: ScenarioItems,
    private readonly runs: SimulationRuns,
    pick: PickTarget,
    /** Told of each outcome, whoever asked for it. */
    private readonly ended: (outcome: RunOutcome) => void,
  ) {
    const run: Parameters<ScenarioItems['addProfile']>[2] = (request, target, token) => this.execute(request, target, token);
    items.addProfile('Run on the Open Tree', () => pick('tree'), run, true);
    items.addProfile('Run on the Open Series', () => pick('series'), run);
  }

  /** Runs scenarios so that their results appear in the Test Explorer; answers the outcomes in the order in which they came. */
  async run(
    files: readonly ScenarioFile[],
    target: SimulationTarget,
    token: CancellationToken,
    done?: (outcome: RunOutcome) => void,
  ): Promise<RunOutcome[]> {
    const request = await this.items.requestFor(files.map(({ uri }) => uri));
    return this.execute(request, target, token, done);
  }

  /** Shows results that are there already. */
  report(outcomes: readonly { readonly uri: Uri; readonly outcome: RunOutcome }[], title: string): void {
    const items = outcomes.flatMap(({ uri, outcome }) => {
      const item = this.items.itemOf(uri);
      return item === undefined ? [] : [{ item, outcome }];
    });
    const run = this.items.begin(new TestRunRequest(items.map(({ item }) => item)), title);
    for (const { item, outcome } of items) tell(run, item, outcome);
    run.end();
  }

  /** A run of scenarios that are no files, whose output is all that it has. */
  output(title: string): TestRun {
    return this.items.begin(new TestRunRequest([]), title);
  }

  private async execute(
    request: TestRunRequest,
    target: SimulationTarget,
    token: CancellationToken,
    done?: (outcome: RunOutcome) => void,
  ): Promise<RunOutcome[]> {
    await this.items.load();
    const run = this.items.begin(request, `Scenarios on ${target.title}`);
    const waiting = this.items.wanted(request);
    const outcomes: RunOutcome[] = [];
    for (const item of waiting) run.enqueued(item);
    const work = async (signal: AbortSignal): Promise<void> => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        if (signal.aborted) {
          run.skipped(item);
          continue;
        }
        const outcome = await this.one(run, item, target, signal);
        if (outcome === undefined) continue;
        outcomes.push(outcome);
        done?.(outcome);
      }
    };
    try {
      await this.runs.during([token, run.token], async (signal) => {
        const lanes = Math.min(await this.runs.workers(), waiting.length);
        await Promise.all(Array.from({ length: lanes }, () => work(signal)));
      });
    } finally {
      run.end();
    }
    return outcomes;
  }

  private async one(run: TestRun, item: TestItem, target: SimulationTarget, signal: AbortSignal): Promise<RunOutcome | undefined> {
    run.started(item);
    const file = await this.items.usable(item, run);
    if (file === undefined) return undefined;
    const outcome = await this.runs.run(target, file.scenario, file.uri, { signal });
    tell(run, item, outcome);
    this.ended(outcome);
    return outcome;
  }
}

function tell(run: TestRun, item: TestItem, outcome: RunOutcome): void {
  const { result, target, scenario } = outcome;
  const summary = summaryOf(outcome);
  run.appendOutput(`${scenario.name}: ${summary}\r\n`, undefined, item);
  const { milliseconds } = result.stats;
  switch (verdictOf(outcome)) {
    case 'passed':
      return run.passed(item, milliseconds);
    case 'failed':
      return run.failed(
        item,
        errorsOf(outcome).map((each) => messageOf(each, target, item)),
        milliseconds,
      );
    case 'not run':
      return run.errored(item, new TestMessage(`On ${target.title}: ${summary}.`));
    case 'stopped':
      return run.skipped(item);
  }
}

/** The error, where it is, who called, and the way to the page of the run. */
function messageOf({ error, scenario, trace, faults, preemptions }: Counterexample, target: SimulationTarget, item: TestItem): TestMessage {
  const text = new MarkdownString();
  text.isTrusted = { enabledCommands: ['fuseReview.showLastRun'] };
  text.appendText(`${error.message}\n`);
  const assumed = assumedText(error);
  if (assumed !== null) text.appendText(`${assumed}\n`);
  if (trace.operations.length > 0) text.appendCodeblock(answersOn(trace).join('\n'), 'text');
  const under = [faults > 0 ? counted(faults, 'fault') : '', preemptions > 0 ? counted(preemptions, 'preemption') : ''].filter(
    (part) => part !== '',
  );
  const steps = scenario.steps.length;
  text.appendText(`${counted(steps, 'step')}${under.length > 0 ? ` with ${under.join(' and ')}` : ''}. `);
  const show = encodeURIComponent(JSON.stringify([item.uri?.toString(), target.kind]));
  text.appendMarkdown(`[Show the run](command:fuseReview.showLastRun?${show})`);
  const message = new TestMessage(text);
  if (error.at !== null) message.location = locationOf(error.at, target);
  const frames = error.at === null ? error.related : [{ at: error.at, message: error.message }, ...error.related];
  message.stackTrace = frames.map(
    ({ at, message: what }) => new TestMessageStackFrame(`${at.function}: ${what}`, target.uriOf(at.file), new Position(at.line - 1, 0)),
  );
  return message;
}

function locationOf({ file, line }: CodePlace, target: SimulationTarget): Location {
  return new Location(target.uriOf(file), new Range(line - 1, 0, line - 1, 0));
}
