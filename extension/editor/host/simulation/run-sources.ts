// Where the lines of a run are shown: the file on disk, the text that the run saw where that is another, our own model, the
// scenario, the kernel's log.
import { Position, Range, Selection, TextEditorRevealType, ThemeColor, Uri, ViewColumn, window, workspace } from 'vscode';
import type { Disposable, TextDocument, TextDocumentContentProvider, TextEditor, WebviewPanel } from 'vscode';
import { absolutePath } from '../trees/trees.js';
import { modelUri } from './model-documents.js';
import { isRunId, type StoredRun, type RunStore } from './run-store.js';
import type { RevealedPlace, RunSide } from '../../protocol/webview-messages.js';

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
    const stored = isRunId(run) ? await this.store.read(run) : undefined;
    const text = side === 'base' || side === 'run' ? stored?.texts[side][uri.path.slice(1)] : undefined;
    return text ?? '/* This run is not kept any more. */\n';
  }

  /** Shows a place beside the run's panel; says why where it can't. The keyboard stays unless `focus` moves it. */
  async reveal(stored: StoredRun, side: RunSide, at: RevealedPlace, panel: WebviewPanel, focus: boolean): Promise<string | undefined> {
    const uri = this.uri(stored, side, at.file);
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
    // The beginning of the line: an editor that has to show its end scrolls to the right, and the left of the function is gone.
    const start = new Position(range.start.line, 0);
    editor.revealRange(new Range(start, start), TextEditorRevealType.InCenterIfOutsideViewport);
    this.clearMark();
    this.marked = editor;
    editor.setDecorations(this.mark, [range]);
    return undefined;
  }

  /**
   * Shows a line of the scenario (1-based) or of the kernel's log (0-based) beside the panel and moves the keyboard there; says
   * why where it can't.
   */
  async open({ run }: StoredRun, what: 'scenario' | 'log', line: number, panel: WebviewPanel): Promise<string | undefined> {
    const { scenario } = 'execution' in run ? run.execution : run.result;
    const path = what === 'scenario' ? scenario.source : 'execution' in run ? run.execution.log : null;
    if (path === null) return 'There is no log of this run';
    if (what === 'scenario' && path === 'generated') return 'This scenario was generated; there is no file of it';
    try {
      const document = await workspace.openTextDocument(path.startsWith('runtime/') ? modelUri(path) : Uri.file(path));
      const at = new Position(Math.min(Math.max(what === 'scenario' ? line - 1 : line, 0), document.lineCount - 1), 0);
      const selection = new Range(at, document.lineAt(at).range.end);
      await window.showTextDocument(document, { viewColumn: columnBeside(panel), preview: true, selection });
      return undefined;
    } catch {
      return what === 'log' ? `The log is not kept any more: ${path}` : `The scenario's file can't be opened: ${path}`;
    }
  }

  clearMark(): void {
    this.marked?.setDecorations(this.mark, []);
    this.marked = undefined;
  }

  dispose(): void {
    this.registered.dispose();
    this.mark.dispose();
  }

  private uri({ run, root, texts }: StoredRun, side: RunSide, file: string): Uri | undefined {
    if (file.split('/').includes('..')) return undefined;
    if (texts[side][file] !== undefined) {
      return Uri.from({ scheme, path: `/${file}`, query: JSON.stringify({ run: run.id, side }) });
    }
    if (file.startsWith('runtime/')) return modelUri(file);
    return Uri.file(absolutePath(root, file));
  }
}

/** The place in the text as it is now: the exact span where that is still on its line, else the line. */
function rangeOf(document: TextDocument, at: RevealedPlace): Range {
  const line = Math.min(Math.max(at.line - 1, 0), document.lineCount - 1);
  const start = at.span === null ? null : document.positionAt(at.span.start);
  if (at.span !== null && start?.line === line) return new Range(start, document.positionAt(at.span.end));
  return new Range(new Position(line, document.lineAt(line).firstNonWhitespaceCharacterIndex), document.lineAt(line).range.end);
}

/** A column that shows text already, so that panels stay where they are; else a new one beside. */
function columnBeside(panel: WebviewPanel): ViewColumn {
  const other = window.visibleTextEditors.find(({ viewColumn }) => viewColumn !== undefined && viewColumn !== panel.viewColumn);
  return other?.viewColumn ?? ViewColumn.Beside;
}
