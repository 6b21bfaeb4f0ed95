// The scenarios at hand: those that come with the extension, and those in files of the workspace. Reads nothing until asked.
import { EventEmitter, RelativePattern, Uri, workspace, type Disposable, type LogOutputChannel, type TextDocument } from 'vscode';
import { formatProblem, type InputProblem } from '../../../model/problem.js';
import type { Scenario } from '../../../model/scenario.js';
import type { Analyzer } from '../analyzer.js';
import type { WorkspaceTrees } from '../trees/trees.js';
import { modelUri } from './model-documents.js';
import { isScenarioPath, scenarioFolder, scenarioGlobs } from './scenario-files.js';

/** From the last keystroke, or change on disk, to reading a scenario. */
const delay = 150;

export interface ScenarioFile {
  readonly uri: Uri;
  readonly bundled: boolean;
  /** null where anything is wrong with it. */
  readonly scenario: Scenario | null;
  readonly problems: readonly InputProblem[];
}

export class ScenarioLibrary implements Disposable {
  private readonly files = new Map<string, ScenarioFile>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly changed = new EventEmitter<Uri>();
  /** The file of this scenario was read, or is gone. */
  readonly onDidChange = this.changed.event;
  private loaded: Promise<void> | undefined;
  private watchers: readonly Disposable[] = [];
  private readonly listeners: readonly Pick<Disposable, 'dispose'>[];

  constructor(
    private readonly analyzer: Analyzer,
    private readonly trees: WorkspaceTrees,
    private readonly log: Pick<LogOutputChannel, 'warn' | 'error'>,
  ) {
    this.listeners = [
      this.changed,
      workspace.onDidOpenTextDocument((document) => this.typed(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.typed(document, delay)),
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (isScenarioFile(uri)) this.schedule(uri, 0);
      }),
      workspace.onDidChangeWorkspaceFolders(() => void this.reload()),
    ];
    for (const document of workspace.textDocuments) this.typed(document, 0);
  }

  /** All scenarios, bundled ones first, each kind in order. The first call looks for them; they are kept up to date after that. */
  async all(): Promise<readonly ScenarioFile[]> {
    this.loaded ??= this.load();
    await this.loaded;
    return [...this.files.values()].sort((a, b) => Number(b.bundled) - Number(a.bundled) || (a.uri.path < b.uri.path ? -1 : 1));
  }

  /** What was read of a file last; undefined where it was not read, or is no scenario. */
  get(uri: Uri): ScenarioFile | undefined {
    return this.files.get(uri.toString());
  }

  /** The scenario of a document as it is now. */
  async read(uri: Uri): Promise<ScenarioFile | undefined> {
    if (!isScenarioFile(uri)) await this.all();
    else await this.readFile(uri);
    return this.get(uri);
  }

  /** Looks for all files again. */
  async reload(): Promise<void> {
    if (this.loaded === undefined) return;
    const before = [...this.files.keys()];
    this.files.clear();
    for (const key of before) this.changed.fire(Uri.parse(key));
    this.loaded = this.load();
    await this.loaded;
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const each of [...this.listeners, ...this.watchers]) each.dispose();
  }

  private async load(): Promise<void> {
    if (this.watchers.length === 0) this.watchers = scenarioGlobs.map((glob) => this.watch(glob));
    await Promise.all([this.loadBundled(), ...(await this.find()).map((uri) => this.readFile(uri))]);
  }

  private async loadBundled(): Promise<void> {
    const outcome = await this.analyzer.run({ t: 'bundled-scenarios', lane: 'bundled scenarios' });
    if (outcome.kind !== 'done') {
      if (outcome.kind === 'failed') this.log.error(`The bundled scenarios can't be read: ${outcome.message}`);
      return;
    }
    for (const problem of outcome.answer.problems) this.log.error(formatProblem(problem));
    for (const scenario of outcome.answer.scenarios) {
      this.put({ uri: modelUri(scenario.source), bundled: true, scenario, problems: [] });
    }
  }

  private async find(): Promise<readonly Uri[]> {
    const found = new Map<string, Uri>();
    const add = (uri: Uri): void => {
      if (isScenarioFile(uri)) found.set(uri.toString(), uri);
    };
    const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri).filter(({ scheme }) => scheme === 'file');
    const roots = (await this.trees.whenSettled()).map(({ root }) => Uri.file(root));
    // By name, since a search passes over what is ignored by git.
    for (const folder of [...folders, ...roots]) {
      const inside = Uri.joinPath(folder, scenarioFolder);
      const entries = await Promise.resolve(workspace.fs.readDirectory(inside)).catch(() => []);
      for (const [name] of entries) add(Uri.joinPath(inside, name));
    }
    for (const folder of folders) {
      try {
        for (const uri of await workspace.findFiles(new RelativePattern(folder, scenarioGlobs[0]))) add(uri);
      } catch (error) {
        this.log.warn(
          `The search for ${scenarioGlobs[0]} in ${folder.fsPath} failed: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    for (const { uri } of workspace.textDocuments) add(uri);
    return [...found.values()];
  }

  private watch(glob: string): Disposable {
    const watcher = workspace.createFileSystemWatcher(glob);
    watcher.onDidCreate((uri) => this.schedule(uri, delay));
    watcher.onDidChange((uri) => this.schedule(uri, delay));
    watcher.onDidDelete((uri) => this.schedule(uri, delay));
    return watcher;
  }

  private typed({ uri }: TextDocument, after: number): void {
    if (isScenarioFile(uri)) this.schedule(uri, after);
  }

  private schedule(uri: Uri, after: number): void {
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => {
        this.timers.delete(key);
        void this.readFile(uri);
      }, after),
    );
  }

  private async readFile(uri: Uri): Promise<void> {
    const text = await textOf(uri);
    if (text === undefined) {
      if (this.files.delete(uri.toString())) this.changed.fire(uri);
      return;
    }
    const outcome = await this.analyzer.run({ t: 'read-scenario', lane: `read ${uri.toString()}`, file: uri.fsPath, text });
    if (outcome.kind === 'done') this.put({ uri, bundled: false, ...outcome.answer });
    else if (outcome.kind === 'failed') this.log.error(`${uri.fsPath} can't be read as a scenario: ${outcome.message}`);
  }

  private put(file: ScenarioFile): void {
    this.files.set(file.uri.toString(), file);
    this.changed.fire(file.uri);
  }
}

function isScenarioFile(uri: Uri): boolean {
  return uri.scheme === 'file' && isScenarioPath(uri.path);
}

/** The text on screen, or else on disk; undefined where there is no such file. */
async function textOf(uri: Uri): Promise<string | undefined> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString() && !document.isClosed);
  if (open !== undefined) return open.getText();
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
