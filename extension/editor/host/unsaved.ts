// What is typed in open documents and not saved.
import { workspace } from 'vscode';

/** Texts by absolute path, of those paths that are wanted. */
export function unsavedTexts(wanted: (path: string) => boolean): Readonly<Record<string, string>> {
  const dirty = workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && uri.scheme === 'file' && wanted(uri.fsPath));
  return Object.fromEntries(dirty.map((document) => [document.uri.fsPath, document.getText()]));
}
