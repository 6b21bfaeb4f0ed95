// Scenarios in the Test Explorer: bundled ones and those of the workspace, run on the open tree or on an open series.
import type { Uri } from 'vscode';
import {
  Location,
  MarkdownString,
  Range,
  TestMessage,
  TestMessageStackFrame,
  TestRunProfileKind,
  TestRunRequest,
  tests,
  workspace,
  Position,
  type CancellationToken,
  type Disposable,
  type TestController,
  type TestItem,
  type TestRun,
} from 'vscode';
import { basename } from 'node:path';
import { formatProblem } from '../../model/problem.js';
import type { CodePlace, Counterexample } from '../../model/simulation.js';
import type { ScenarioFile, ScenarioLibrary } from './library.js';
import { count, summaryOf, verdictOf } from './outcome.js';
import { newErrors, type Outcome, type SimulationRuns } from './runs.js';
import type { Target, TargetKind } from './targets.js';

/** Asks, where there is a choice; undefined where there is nothing to run on, which it has said then. */
export type PickTarget = (kind: TargetKind) => Promise<Target | undefined>;

export class ScenarioTests implements Disposable {
  private readonly controller: TestController;
  private readonly subscription: Disposable;
  private readonly bundled: TestItem;

  constructor(
    private readonly library: ScenarioLibrary,
    private readonly runs: SimulationRuns,
    pick: PickTarget,
  ) {
    this.controller = tests.createTestController('fuseReview.scenarios', 'FUSE Scenarios');
    this.bundled = this.controller.createTestItem('bundled', 'Bundled');
    this.controller.resolveHandler = async (item) => {
      if (item === undefined) await this.load();
    };
    this.controller.refreshHandler = async () => {
      await library.reload();
      await this.load();
    };
    const profile = (label: string, kind: TargetKind): void => {
      const run = async (request: TestRunRequest, token: CancellationToken): Promise<void> => {
        const target = await pick(kind);
        if (target !== undefined) await this.execute(request, target, token);
      };
      this.controller.createRunProfile(label, TestRunProfileKind.Run, run, kind === 'tree');
    };
    profile('Run on the Open Tree', 'tree');
    profile('Run on the Open Series', 'series');
    this.subscription = library.onDidChange((uri) => this.update(uri));
  }

  /** Runs scenarios so that their results appear in the Test Explorer; answers the outcomes in the order in which they came. */
  async run(
    files: readonly ScenarioFile[],
    target: Target,
    token: CancellationToken,
    done?: (outcome: Outcome) => void,
  ): Promise<Outcome[]> {
    await this.load();
    const items = files.flatMap(({ uri }) => this.itemOf(uri) ?? []);
    return this.execute(new TestRunRequest(items), target, token, done);
  }

  /** Shows results that are there already. */
  report(outcomes: readonly { readonly uri: Uri; readonly outcome: Outcome }[], title: string): void {
    const items = outcomes.flatMap(({ uri, outcome }) => {
      const item = this.itemOf(uri);
      return item === undefined ? [] : [{ item, outcome }];
    });
    const run = this.controller.createTestRun(new TestRunRequest(items.map(({ item }) => item)), title);
    for (const { item, outcome } of items) tell(run, item, outcome);
    run.end();
  }

  /** A run of scenarios that are no files, whose output is all that it has. */
  output(title: string): TestRun {
    return this.controller.createTestRun(new TestRunRequest([]), title);
  }

  dispose(): void {
    this.subscription.dispose();
    this.controller.dispose();
  }

  private async load(): Promise<void> {
    for (const { uri } of await this.library.all()) this.update(uri);
  }

  private update(uri: Uri): void {
    const file = this.library.get(uri);
    const parent = this.parentOf(uri, file?.bundled ?? false);
    if (file === undefined) {
      parent.children.delete(uri.toString());
      if (parent.children.size === 0) this.controller.items.delete(parent.id);
      return;
    }
    const id = uri.toString();
    const item = parent.children.get(id) ?? this.controller.createTestItem(id, basename(uri.path), uri);
    item.label = file.scenario?.title ?? basename(uri.path);
    item.description = file.scenario?.name ?? '';
    item.range = new Range(0, 0, 0, 0);
    const [problem] = file.problems;
    item.error = problem === undefined ? undefined : formatProblem({ ...problem, where: basename(uri.path) });
    this.controller.items.add(parent);
    parent.children.add(item);
  }

  /** The bundled ones, or those of a workspace folder. */
  private parentOf(uri: Uri, bundled: boolean): TestItem {
    if (bundled) return this.bundled;
    const folder = workspace.getWorkspaceFolder(uri);
    const id = folder?.uri.toString() ?? 'elsewhere';
    return this.controller.items.get(id) ?? this.controller.createTestItem(id, folder?.name ?? 'Other Files', folder?.uri);
  }

  private itemOf(uri: Uri): TestItem | undefined {
    for (const [, parent] of this.controller.items) {
      const item = parent.children.get(uri.toString());
      if (item !== undefined) return item;
    }
    return undefined;
  }

  private wanted({ include, exclude = [] }: TestRunRequest): TestItem[] {
    const all = (item: TestItem): TestItem[] => {
      if (exclude.includes(item)) return [];
      return item.children.size === 0 ? [item] : [...item.children].flatMap(([, child]) => all(child));
    };
    return (include ?? [...this.controller.items].map(([, item]) => item)).flatMap(all);
  }

  private async execute(
    request: TestRunRequest,
    target: Target,
    token: CancellationToken,
    done?: (outcome: Outcome) => void,
  ): Promise<Outcome[]> {
    await this.load();
    const run = this.controller.createTestRun(request, `FUSE scenarios on ${target.title}`);
    const waiting = this.wanted(request);
    const outcomes: Outcome[] = [];
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

  private async one(run: TestRun, item: TestItem, target: Target, signal: AbortSignal): Promise<Outcome | undefined> {
    run.started(item);
    const file = item.uri === undefined ? undefined : await this.library.read(item.uri);
    if (file === undefined || file.scenario === null) {
      const why = file === undefined ? 'The file is gone.' : file.problems.map(formatProblem).join('\n');
      run.errored(item, new TestMessage(why));
      return undefined;
    }
    const outcome = await this.runs.run(target, file.scenario, file.uri, { signal });
    tell(run, item, outcome);
    return outcome;
  }
}

function tell(run: TestRun, item: TestItem, outcome: Outcome): void {
  const { result, base, target, scenario } = outcome;
  const summary = summaryOf(result, base?.result ?? null);
  run.appendOutput(`${scenario.name}: ${summary}\r\n`, undefined, item);
  const { milliseconds } = result.stats;
  switch (verdictOf(result, base?.result ?? null)) {
    case 'passed':
      return run.passed(item, milliseconds);
    case 'failed':
      return run.failed(
        item,
        newErrors(outcome).map((each) => messageOf(each, target, item)),
        milliseconds,
      );
    case 'not run':
      return run.errored(item, new TestMessage(`On ${target.title}: ${summary}.`));
    case 'stopped':
      return run.skipped(item);
  }
}

/** The error, where it is, who called, and the way to the page of the run. */
function messageOf({ error, scenario, trace, faults, preemptions }: Counterexample, target: Target, item: TestItem): TestMessage {
  const text = new MarkdownString();
  text.isTrusted = { enabledCommands: ['fuseReview.showLastRun'] };
  text.appendText(`${error.message}\n`);
  const operations = trace.operations.map(({ text: what, answer }) => `${what} = ${answer ?? 'does not end'}`);
  if (operations.length > 0) text.appendCodeblock(operations.join('\n'), 'text');
  const under = [faults > 0 ? count(faults, 'fault') : '', preemptions > 0 ? count(preemptions, 'preemption') : ''].filter(
    (part) => part !== '',
  );
  const steps = scenario.steps.length;
  text.appendText(`${count(steps, 'step')}${under.length > 0 ? ` with ${under.join(' and ')}` : ''}. `);
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

function locationOf({ file, line }: CodePlace, target: Target): Location {
  return new Location(target.uriOf(file), new Range(line - 1, 0, line - 1, 0));
}
