// Reviews open series again as what they are made of changes: as it is typed, when a file that they are applied to is saved, and when
// git or another program changes the tree whose changes are followed.
import { Disposable, RelativePattern, Uri, workspace, type TextDocument } from 'vscode';
import type { Tree } from '../../protocol/messages.js';
import { absolutePath } from '../trees/trees.js';
import { isBasedOn, isMadeOf } from './made-of.js';
import type { SeriesStore } from './store.js';

export function followEdits(store: SeriesStore): Disposable[] {
  const edited = ({ uri }: TextDocument, concerns: typeof isMadeOf): void => {
    if (uri.scheme !== 'file') return;
    for (const series of store.all) if (concerns(series, uri.fsPath)) store.edited(series.id);
  };
  /** By series. */
  const watchers = new Map<string, Disposable>();
  const follow = (): void => {
    const followed = store.all.filter(({ source }) => source.kind === 'changes');
    for (const series of followed)
      if (!watchers.has(series.id))
        watchers.set(
          series.id,
          watch(series, () => store.edited(series.id)),
        );
    for (const [id, watcher] of watchers) {
      if (followed.some((series) => series.id === id)) continue;
      watcher.dispose();
      watchers.delete(id);
    }
  };
  follow();
  return [
    store.onDidChange(follow),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) edited(document, isMadeOf);
    }),
    workspace.onDidSaveTextDocument((document) => edited(document, isBasedOn)),
    // What was typed and is thrown away.
    workspace.onDidCloseTextDocument((document) => edited(document, isMadeOf)),
    new Disposable(() => {
      for (const watcher of watchers.values()) watcher.dispose();
    }),
  ];
}

/** The subsystem's files on disk, and the commit that is checked out: each commit, checkout or rebase is written to the log of HEAD. */
function watch({ root, folder }: Tree, changed: () => void): Disposable {
  const places: readonly (readonly [string, string])[] = [
    [absolutePath(root, folder), '**/{*.c,*.h,Kconfig}'],
    [root, '.git/logs/HEAD'],
  ];
  const watchers = places.flatMap(([base, pattern]) => {
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(base), pattern));
    return [watcher, watcher.onDidChange(changed), watcher.onDidCreate(changed), watcher.onDidDelete(changed)];
  });
  return Disposable.from(...watchers);
}
