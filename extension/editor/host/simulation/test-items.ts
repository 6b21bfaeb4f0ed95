// The scenarios in the Test Explorer: a list of items that follows the files, whoever runs them.
import { basename } from 'node:path';
import {
  Range,
  TestMessage,
  TestRunRequest,
  tests,
  TestRunProfileKind,
  workspace,
  type CancellationToken,
  type Disposable,
  type TestController,
  type TestItem,
  type TestRun,
  type Uri,
} from 'vscode';
import { formatProblem } from '../../../model/problem.js';
import type { ScenarioLibrary } from './library.js';
import { isUsable, type UsableScenario } from './pick-scenarios.js';
import type { SimulationTarget } from './targets.js';

/** Runs what a request asks for; `token` ends it. */
type RunRequested = (request: TestRunRequest, target: SimulationTarget, token: CancellationToken) => Promise<unknown>;

export class ScenarioItems implements Disposable {
  private readonly controller: TestController;
  private readonly subscription: Disposable;
  private readonly bundled: TestItem;

  constructor(private readonly library: ScenarioLibrary) {
    this.controller = tests.createTestController('fuseReview.scenarios', 'Scenarios of FUSE Review');
    this.bundled = this.controller.createTestItem('bundled', 'Bundled');
    this.controller.resolveHandler = async (item) => {
      if (item === undefined) await this.load();
    };
    this.controller.refreshHandler = async () => {
      await library.reload();
      await this.load();
    };
    this.subscription = library.onDidChange((uri) => this.update(uri));
  }

  /** A way to run scenarios, on what is picked; one of them is what a plain click takes. */
  addProfile(label: string, pick: () => Promise<SimulationTarget | undefined>, run: RunRequested, isDefault = false): void {
    const handler = async (request: TestRunRequest, token: CancellationToken): Promise<void> => {
      const target = await pick();
      if (target !== undefined) await run(request, target, token);
    };
    this.controller.createRunProfile(label, TestRunProfileKind.Run, handler, isDefault);
  }

  /** Begins a run whose results appear at the items of a request. */
  begin(request: TestRunRequest, title: string): TestRun {
    return this.controller.createTestRun(request, title);
  }

  /** A request for the items of files. */
  async requestFor(uris: readonly Uri[]): Promise<TestRunRequest> {
    await this.load();
    return new TestRunRequest(uris.flatMap((uri) => this.itemOf(uri) ?? []));
  }

  /** The scenario of an item as it is now; undefined where it can't be run, which the item says then. */
  async usable(item: TestItem, run: TestRun): Promise<UsableScenario | undefined> {
    const file = item.uri === undefined ? undefined : await this.library.read(item.uri);
    if (file !== undefined && isUsable(file)) return file;
    run.errored(item, new TestMessage(file === undefined ? 'The file is gone.' : file.problems.map(formatProblem).join('\n')));
    return undefined;
  }

  dispose(): void {
    this.subscription.dispose();
    this.controller.dispose();
  }

  /** Makes the items of all scenarios at hand. */
  async load(): Promise<void> {
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

  /** The item of a file; undefined where it is no scenario that is known. */
  itemOf(uri: Uri): TestItem | undefined {
    for (const [, parent] of this.controller.items) {
      const item = parent.children.get(uri.toString());
      if (item !== undefined) return item;
    }
    return undefined;
  }

  /** The scenarios that a request asks for. */
  wanted({ include, exclude = [] }: TestRunRequest): TestItem[] {
    const all = (item: TestItem): TestItem[] => {
      if (exclude.includes(item)) return [];
      return item.children.size === 0 ? [item] : [...item.children].flatMap(([, child]) => all(child));
    };
    return (include ?? [...this.controller.items].map(([, item]) => item)).flatMap(all);
  }
}
