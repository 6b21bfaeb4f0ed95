// Reviews open series again as what they are made of is typed, and when a file that they are applied to is saved.
import { workspace, type Disposable, type TextDocument } from 'vscode';
import { isBasedOn, isMadeOf } from './made-of.js';
import type { SeriesStore } from './store.js';

export function followEdits(store: SeriesStore): Disposable[] {
  const edited = ({ uri }: TextDocument, concerns: typeof isMadeOf): void => {
    if (uri.scheme !== 'file') return;
    for (const series of store.all) if (concerns(series, uri.fsPath)) store.edited(series.id);
  };
  return [
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) edited(document, isMadeOf);
    }),
    workspace.onDidSaveTextDocument((document) => edited(document, isBasedOn)),
    // What was typed and is thrown away.
    workspace.onDidCloseTextDocument((document) => edited(document, isMadeOf)),
  ];
}
