// Where the lines of a run are shown: the file on disk, the text that the run saw where that is another, or our own model.
import { Position, Range, Selection, TextEditorRevealType, ThemeColor, Uri, ViewColumn, window, workspace } from 'vscode';
import type { Disposable, TextDocument, TextDocumentContentProvider, TextEditor, WebviewPanel } from 'vscode';
import type { CodePlace } from '../../model/simulation.js';
import { absolutePath } from '../trees.js';
import { modelUri } from './model-documents.js';
import { isRunId, type KeptRun, type RunStore } from './run-store.js';
import type { RunSide } from './webview-messages.js';

const scheme = 'fuse-review-run';

export class RunSources implements TextDocumentContentProvider, Disposable {
  private readonly registered = workspace.registerTextDocumentContentProvider(scheme, this);
  /** The line of the selected step, as a debugger marks where it stands. */
  private readonly mark = window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new ThemeColor('editor.stackFrameHighlightBackground'),
  });
  private marked: TextEditor | undefined;

  constructor(private readonly store: RunStore) {}

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const { run, side } = JSON.parse(uri.query) as { run: unknown; side: unknown };
    const kept = isRunId(run) ? await this.store.read(run) : undefined;
    const text = side === 'base' || side === 'run' ? kept?.texts[side][uri.path.slice(1)] : undefined;
    return text ?? '/* This run is not kept any more. */\n';
  }

  /** Shows a place beside the run's panel; says why where it can't. The keyboard stays unless `focus` moves it. */
  async reveal(kept: KeptRun, side: RunSide, at: CodePlace, panel: WebviewPanel, focus: boolean): Promise<string | undefined> {
    const uri = this.uri(kept, side, at.file);
    if (uri === undefined) return `${at.file} is no file of the tree`;
    let document: TextDocument;
    try {
      document = await workspace.openTextDocument(uri);
    } catch (error) {
      return `${at.file} can't be opened: ${error instanceof Error ? error.message : String(error)}`;
    }
    const editor = await window.showTextDocument(document, { viewColumn: columnBeside(panel), preserveFocus: !focus, preview: true });
    const range = rangeOf(document, at);
    editor.selection = new Selection(range.start, range.start);
    editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
    this.clearMark();
    this.marked = editor;
    editor.setDecorations(this.mark, [range]);
    return undefined;
  }

  clearMark(): void {
    this.marked?.setDecorations(this.mark, []);
    this.marked = undefined;
  }

  dispose(): void {
    this.registered.dispose();
    this.mark.dispose();
  }

  private uri({ run, root, texts }: KeptRun, side: RunSide, file: string): Uri | undefined {
    if (file.split('/').includes('..')) return undefined;
    if (texts[side][file] !== undefined) {
      return Uri.from({ scheme, path: `/${file}`, query: JSON.stringify({ run: run.id, side }) });
    }
    if (file.startsWith('runtime/')) return modelUri(file);
    return Uri.file(absolutePath(root, file));
  }
}

/** The place in the text as it is now: the exact span where that is still on its line, else the line. */
function rangeOf(document: TextDocument, at: CodePlace): Range {
  const line = Math.min(Math.max(at.line - 1, 0), document.lineCount - 1);
  const start = document.positionAt(at.span.start);
  if (start.line === line) return new Range(start, document.positionAt(at.span.end));
  return new Range(new Position(line, document.lineAt(line).firstNonWhitespaceCharacterIndex), document.lineAt(line).range.end);
}

/** A column that shows text already, so that panels stay where they are; else a new one beside. */
function columnBeside(panel: WebviewPanel): ViewColumn {
  const other = window.visibleTextEditors.find(({ viewColumn }) => viewColumn !== undefined && viewColumn !== panel.viewColumn);
  return other?.viewColumn ?? ViewColumn.Beside;
}
