// Which kernel trees the workspace holds, and which of them a file belongs to.
import { join, relative, sep } from 'node:path';
import { commands, EventEmitter, workspace, type Disposable, type LogOutputChannel, type Uri } from 'vscode';
import { subsystemsText, type Subsystem } from '../../../model/subsystem.js';
import type { Analyzer } from '../analyzer.js';
import type { Tree } from '../../protocol/messages.js';

/** For `when` clauses of the manifest: what the empty view says depends on it. */
const contextKey = 'fuseReview.tree';

export class WorkspaceTrees implements Disposable {
  private found: readonly Tree[] = [];
  private settled = false;
  private wanted: readonly Subsystem[] = [];
  private readonly changed = new EventEmitter<readonly Tree[]>();
  private readonly disposables: Pick<Disposable, 'dispose'>[] = [this.changed];
  private looking: Promise<void> = Promise.resolve();
  /** Trees came or went; fires once the first search is done, too. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly analyzer: Analyzer,
    private readonly log: LogOutputChannel,
  ) {
    this.disposables.push(workspace.onDidChangeWorkspaceFolders(() => void this.search()));
    void this.search();
  }

  /** What trees are searched for, for people; known once the first search is done. */
  get wantedText(): string {
    return subsystemsText(this.wanted);
  }

  get all(): readonly Tree[] {
    return this.found;
  }

  /** Resolves when the search that runs now (if any) is done. */
  async whenSettled(): Promise<readonly Tree[]> {
    await this.looking;
    return this.found;
  }

  /** The tree that a file's path lies in, with its path there; the innermost where trees are nested. */
  of(uri: Uri): { readonly tree: Tree; readonly path: string } | undefined {
    if (uri.scheme !== 'file') return undefined;
    let best: { tree: Tree; path: string } | undefined;
    for (const tree of this.found) {
      const path = pathInTree(tree.root, uri.fsPath);
      if (path !== undefined && (best === undefined || best.tree.root.length < tree.root.length)) best = { tree, path };
    }
    return best;
  }

  dispose(): void {
    for (const each of this.disposables) each.dispose();
  }

  /** The coming or going of such a file says that a tree came or went; checked out, unpacked or deleted. */
  private watch(subsystems: readonly Subsystem[]): void {
    const again = (): void => void this.search();
    for (const { watched } of this.wanted.length > 0 ? [] : subsystems) {
      const watcher = workspace.createFileSystemWatcher(`**/${watched}`, false, true, false);
      this.disposables.push(watcher, watcher.onDidCreate(again), watcher.onDidDelete(again));
    }
    this.wanted = subsystems;
  }

  private search(): Promise<void> {
    this.looking = this.look();
    return this.looking;
  }

  private async look(): Promise<void> {
    const folders = (workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file').map((folder) => folder.uri.fsPath);
    const outcome = await this.analyzer.run({ t: 'find-trees', lane: 'trees', folders });
    if (outcome.kind === 'cancelled') return;
    if (outcome.kind === 'failed') {
      this.log.error(`The search for kernel trees failed: ${outcome.message}`);
      return;
    }
    const { trees, without, subsystems } = outcome.answer;
    this.watch(subsystems);
    const markers = subsystems.map(({ marker }) => marker).join(' or ');
    for (const root of without) this.log.info(`${root} is a kernel tree, but nothing in it defines ${markers}.`);
    void commands.executeCommand('setContext', contextKey, trees.length > 0 ? 'found' : without.length > 0 ? 'without' : 'none');
    if (this.settled && JSON.stringify(trees) === JSON.stringify(this.found)) return;
    this.settled = true;
    this.found = trees;
    for (const tree of trees) this.log.info(`Kernel tree at ${tree.root}, subsystem in ${tree.folder}.`);
    this.changed.fire(trees);
  }
}

/** A file's path relative to a tree's root, with `/`, or undefined where it is not inside. */
export function pathInTree(root: string, file: string): string | undefined {
  const path = relative(root, file);
  if (path === '' || path.startsWith('..') || /^[A-Za-z]:/.test(path)) return undefined;
  return path.split(sep).join('/');
}

/** The absolute path of a file of a tree. */
export function absolutePath(root: string, path: string): string {
  return join(root, ...path.split('/'));
}

/** Whether a file's text can change what is said of the subsystem: its own C files, and the headers that it includes. */
export function isSource(tree: Tree, path: string): boolean {
  if (!/\.[ch]$/.test(path)) return false;
  return inSubsystem(tree, path) || path.startsWith('include/');
}

export function inSubsystem(tree: Tree, path: string): boolean {
  return tree.folder === '' || tree.folder === '.' || path.startsWith(`${tree.folder}/`);
}
