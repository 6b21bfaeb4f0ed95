// Runs the check of each tree when its text changes: open documents first, the disk for the rest. Shows nothing itself.
import { basename } from 'node:path';
import {
  EventEmitter,
  RelativePattern,
  Uri,
  workspace,
  type Disposable,
  type LogOutputChannel,
  type TextDocument,
  type TextDocumentChangeEvent,
} from 'vscode';
import type { Progress } from '../../../model/progress.js';
import type { Analyzer } from '../analyzer.js';
import type { CheckedTree, Tree } from '../../protocol/messages.js';
import { section, settingsOf } from '../settings.js';
import { absolutePath, inSubsystem, isSource, type WorkspaceTrees } from '../trees/trees.js';

/** From the last keystroke to the check. */
const typingDelay = 150;
/** A checkout or a build touches many files at once. */
const diskDelay = 500;

export interface TreeState {
  readonly tree: Tree;
  readonly running: boolean;
  /** How far what runs is; absent where nothing is known of it. */
  readonly progress?: Progress | undefined;
  /** The last result; it stays while the next one is worked out. */
  readonly result: CheckedTree | undefined;
  readonly failure: string | undefined;
}

export class TreeChecks implements Disposable {
  private readonly states = new Map<string, TreeState>();
  /** How often each tree was checked; only the newest run counts. */
  private readonly runs = new Map<string, number>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private watchers: Disposable[] = [];
  private readonly changed = new EventEmitter<TreeState>();
  private readonly progressed = new EventEmitter<TreeState>();
  private readonly removed = new EventEmitter<Tree>();
  /** A check began, ended or failed. */
  readonly onDidChange = this.changed.event;
  /** A check went on: nothing but `progress` is new. */
  readonly onDidProgress = this.progressed.event;
  /** A tree is no longer part of the workspace. */
  readonly onDidRemove = this.removed.event;
  private readonly disposables: Pick<Disposable, 'dispose'>[] = [this.changed, this.progressed, this.removed];

  constructor(
    private readonly analyzer: Analyzer,
    private readonly trees: WorkspaceTrees,
    private readonly log: LogOutputChannel,
  ) {
    this.disposables.push(
      trees.onDidChange((found) => this.follow(found)),
      analyzer.onDidStart(() => this.sendAll()),
      analyzer.onDidLoseDocument((path) => this.resend(path)),
      workspace.onDidOpenTextDocument((document) => this.opened(document)),
      workspace.onDidChangeTextDocument((event) => this.edited(event)),
      workspace.onDidSaveTextDocument((document) => this.saved(document)),
      workspace.onDidCloseTextDocument((document) => this.closed(document)),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(section)) this.configured();
      }),
    );
  }

  get all(): readonly TreeState[] {
    return [...this.states.values()];
  }

  stateOf(uri: Uri): TreeState | undefined {
    const place = this.trees.of(uri);
    return place === undefined ? undefined : this.states.get(place.tree.root);
  }

  /** Checks a tree now, whether a file of it is open or not. */
  check(tree: Tree): void {
    this.schedule(tree, 0);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const each of [...this.disposables, ...this.watchers]) each.dispose();
  }

  private follow(found: readonly Tree[]): void {
    const roots = new Set(found.map((tree) => tree.root));
    for (const [root, { tree }] of this.states) {
      if (roots.has(root)) continue;
      clearTimeout(this.timers.get(root));
      this.states.delete(root);
      this.analyzer.cancel(laneOf(tree));
      this.removed.fire(tree);
    }
    for (const each of this.watchers) each.dispose();
    this.watchers = found.map((tree) => this.watch(tree));
    for (const tree of found) {
      const state = this.states.get(tree.root);
      this.states.set(tree.root, { running: false, result: undefined, failure: undefined, ...state, tree });
    }
    for (const document of workspace.textDocuments) this.opened(document);
  }

  private watch(tree: Tree): Disposable {
    const watcher = workspace.createFileSystemWatcher(
      new RelativePattern(Uri.file(absolutePath(tree.root, tree.folder)), '**/{*.c,*.h,Kconfig}'),
    );
    const touched = (uri: Uri): void => {
      // A save comes here too, after its text was checked already; the worker's caches make that a cheap run.
      this.log.debug(`${basename(uri.fsPath)} changed on disk`);
      if (this.isShown(tree)) this.schedule(tree, diskDelay);
    };
    watcher.onDidChange(touched);
    watcher.onDidCreate(touched);
    watcher.onDidDelete(touched);
    return watcher;
  }

  /** Whether anybody looks at the tree: a file of the subsystem is open, or it was checked before. */
  private isShown(tree: Tree): boolean {
    const state = this.states.get(tree.root);
    return state?.running === true || state?.result !== undefined || state?.failure !== undefined || this.timers.has(tree.root);
  }

  private placeOf(document: TextDocument): { readonly tree: Tree; readonly path: string } | undefined {
    const place = this.trees.of(document.uri);
    return place !== undefined && isSource(place.tree, place.path) ? place : undefined;
  }

  private opened(document: TextDocument): void {
    const place = this.placeOf(document);
    if (place === undefined) return;
    this.sendWhole(document);
    const first = inSubsystem(place.tree, place.path) && !this.isShown(place.tree);
    if (first || document.isDirty) this.schedule(place.tree, 0);
  }

  private edited(event: TextDocumentChangeEvent): void {
    const place = event.contentChanges.length === 0 ? undefined : this.placeOf(event.document);
    if (place === undefined) return;
    const { document } = event;
    this.analyzer.note({
      t: 'change',
      path: document.uri.fsPath,
      version: document.version,
      changes: event.contentChanges.map((change) => ({
        offset: change.rangeOffset,
        length: change.rangeLength,
        text: change.text,
      })),
      length: document.offsetAt(document.lineAt(document.lineCount - 1).range.end),
    });
    this.schedule(place.tree, typingDelay);
  }

  private saved(document: TextDocument): void {
    const place = this.placeOf(document);
    if (place === undefined) return;
    this.sendWhole(document);
    this.schedule(place.tree, typingDelay);
  }

  private closed(document: TextDocument): void {
    const place = this.placeOf(document);
    if (place === undefined) return;
    this.analyzer.note({ t: 'close', path: document.uri.fsPath });
    if (this.isShown(place.tree)) this.schedule(place.tree, typingDelay);
  }

  private configured(): void {
    for (const { tree } of this.states.values()) if (this.isShown(tree)) this.schedule(tree, typingDelay);
  }

  private sendAll(): void {
    this.configured();
    for (const document of workspace.textDocuments) if (this.placeOf(document) !== undefined) this.sendWhole(document);
  }

  private resend(path: string): void {
    const document = workspace.textDocuments.find((each) => each.uri.scheme === 'file' && each.uri.fsPath === path);
    const place = document === undefined ? undefined : this.placeOf(document);
    if (document === undefined || place === undefined) return;
    this.sendWhole(document);
    this.schedule(place.tree, typingDelay);
  }

  private sendWhole(document: TextDocument): void {
    this.analyzer.note({ t: 'open', path: document.uri.fsPath, version: document.version, text: document.getText() });
  }

  private schedule(tree: Tree, delay: number): void {
    clearTimeout(this.timers.get(tree.root));
    this.timers.set(
      tree.root,
      setTimeout(() => {
        this.timers.delete(tree.root);
        void this.run(tree);
      }, delay),
    );
  }

  private async run(tree: Tree): Promise<void> {
    const run = (this.runs.get(tree.root) ?? 0) + 1;
    this.runs.set(tree.root, run);
    this.update(tree, { running: true, progress: undefined });
    const { root } = tree;
    const outcome = await this.analyzer.run({ t: 'check', lane: laneOf(tree), tree, settings: settingsOf(root) }, (progress) => {
      const state = this.states.get(root);
      if (state === undefined || this.runs.get(root) !== run) return;
      const next = { ...state, progress };
      this.states.set(root, next);
      this.progressed.fire(next);
    });
    if (!this.states.has(tree.root) || this.runs.get(tree.root) !== run) return;
    if (outcome.kind === 'cancelled') {
      // News that makes a run useless always comes with a newer one; should that be missing, here it is.
      if (!this.timers.has(tree.root)) this.schedule(tree, typingDelay);
      return;
    }
    if (outcome.kind === 'failed') {
      this.log.error(`The check of ${tree.folder} in ${tree.root} failed: ${outcome.message}`);
      this.update(tree, { running: false, failure: outcome.message });
      return;
    }
    // What was typed meanwhile is checked by the run that it scheduled; its places would be off by now.
    if (this.isStale(outcome.answer)) return;
    this.update(tree, { running: false, result: outcome.answer, failure: undefined });
  }

  private isStale(result: CheckedTree): boolean {
    return workspace.textDocuments.some((document) => {
      const version = document.uri.scheme === 'file' ? result.versions[document.uri.fsPath] : undefined;
      return version !== undefined && version !== document.version;
    });
  }

  private update(tree: Tree, change: Partial<TreeState>): void {
    const state = this.states.get(tree.root);
    if (state === undefined) return;
    const next = { ...state, ...change };
    this.states.set(tree.root, next);
    this.changed.fire(next);
  }
}

function laneOf(tree: Tree): string {
  return `check ${tree.root}`;
}
