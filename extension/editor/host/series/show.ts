// Opens what a node stands for: the diff around a patch, at the place.
import { commands, Range, TextEditorRevealType, Uri, window } from 'vscode';
import { LineTable } from '../../../model/source.js';
import { sideOf, type Side } from '../../../review/sources.js';
import type { TextRange } from '../../protocol/messages.js';
import { toRange } from '../checking/diagnostics.js';
import { absolutePath } from '../trees/trees.js';
import { lineOf } from './thread-comments.js';
import { uriIn } from './documents.js';
import { mailUri } from './mail-documents.js';
import type { CausePlace, ComparedTrees, SeriesNode } from './node.js';
import { textOf } from './overlay.js';
import type { OpenSeries } from './store.js';

export async function showNode(series: OpenSeries, node: SeriesNode, preserveFocus: boolean): Promise<void> {
  switch (node.kind) {
    case 'file':
      await showPlace(series, node.scope, node.path, undefined, 'after', preserveFocus);
      return;
    case 'cause':
      if (node.place !== null) await showCause(series, node.place, preserveFocus);
      return;
    case 'finding':
      await showPlace(series, node.scope, node.finding.file, node.finding.range, sideOf(node.finding.status), preserveFocus);
      return;
    case 'step':
      await showPlace(series, node.scope, node.step.file, node.step.range, sideOf(node.finding.status), preserveFocus);
      return;
    case 'message':
      await showMail(series, node.message, node.line, preserveFocus);
      return;
    case 'remark':
    case 'suggestion':
    case 'applied-suggestion': {
      const at = lineOf(series, node.patch, node.place);
      if (at === undefined || node.place === null) await showMail(series, node.message, node.line, preserveFocus);
      else {
        const range = { startLine: at.line, startColumn: 0, endLine: at.line, endColumn: 0 };
        await showPlace(series, at.scope, node.place.file, range, node.place.side === 'old' ? 'before' : 'after', preserveFocus);
      }
      return;
    }
    case 'problem':
      await showProblem(series, node.problem.where, node.problem.line, preserveFocus);
      return;
    default:
      return;
  }
}

/** The file in the tree that a node speaks of, with the line there; undefined where it speaks of none. */
export function placeInTree(series: OpenSeries, node: SeriesNode): { readonly uri: Uri; readonly line: number } | undefined {
  const at = (path: string, line: number): { uri: Uri; line: number } => ({ uri: Uri.file(absolutePath(series.root, path)), line });
  if (node.kind === 'file') return at(node.path, 0);
  if (node.kind === 'finding') return at(node.finding.file, node.finding.range.startLine);
  if (node.kind === 'cause' && node.place !== null) {
    const { finding, at: blamed } = node.place;
    if (finding !== null) return at(finding.file, finding.range.startLine);
    if (blamed !== null) return at(blamed.file, blamed.line - 1);
  }
  if (node.kind === 'step') return at(node.step.file, node.step.range.startLine);
  return undefined;
}

/** At its finding; else at the statement that a simulation blames. */
async function showCause(series: OpenSeries, { scope, finding, at }: CausePlace, preserveFocus: boolean): Promise<void> {
  if (finding !== null) await showPlace(series, scope, finding.file, finding.range, sideOf(finding.status), preserveFocus);
  else if (at !== null) await showPlace(series, scope, at.file, rangeIn(series, scope, at), 'after', preserveFocus);
}

/** A place of the patched tree; its whole line where the patch does not touch the file. */
function rangeIn(series: OpenSeries, scope: ComparedTrees, { file, line, span }: NonNullable<CausePlace['at']>): TextRange {
  const text = series.review === undefined ? undefined : textOf(series.review, scope, file)?.after;
  const whole = { startLine: line - 1, startColumn: 0, endLine: line - 1, endColumn: 0 };
  if (typeof text !== 'string') return whole;
  const table = new LineTable(text);
  // Within a series the line may have moved since the patch; then the place of the whole series is the only one known.
  if (table.lineNumber(span.start) !== line) return whole;
  return {
    startLine: table.line(span.start),
    startColumn: table.column(span.start),
    endLine: table.line(span.end),
    endColumn: table.column(span.end),
  };
}

async function showPlace(
  series: OpenSeries,
  scope: ComparedTrees,
  path: string,
  range: TextRange | undefined,
  side: Side,
  preserveFocus: boolean,
): Promise<void> {
  const text = series.review === undefined ? undefined : textOf(series.review, scope, path);
  const selection = range === undefined ? undefined : toRange(range);
  if (text === undefined) {
    // The patch changes what is true of this file without touching it.
    await window.showTextDocument(Uri.file(absolutePath(series.root, path)), {
      preview: true,
      preserveFocus,
      ...(selection === undefined ? {} : { selection }),
    });
    return;
  }
  const before = uriIn(series, { scope, side: 'before' }, text.path);
  const after = uriIn(series, { scope, side: 'after' }, text.path);
  const name = text.path.slice(text.path.lastIndexOf('/') + 1);
  await commands.executeCommand('vscode.diff', before, after, `${name} (${comparisonText(series, scope)})`, {
    preview: true,
    preserveFocus,
    ...(selection !== undefined && side === 'after' ? { selection } : {}),
  });
  if (selection === undefined) return;
  const wanted = (side === 'before' ? before : after).toString();
  const editor = window.visibleTextEditors.find((each) => each.document.uri.toString() === wanted);
  editor?.revealRange(selection, TextEditorRevealType.InCenterIfOutsideViewport);
}

function comparisonText(series: OpenSeries, scope: ComparedTrees): string {
  const total = series.review?.patches.length ?? 0;
  if (series.source.kind === 'changes') return 'last commit and now';
  if (scope === 'series') return 'base and whole series';
  return total > 1 ? `before and after patch ${scope + 1} of ${total}` : 'base and patch';
}

async function showProblem(series: OpenSeries, where: string, line: number | undefined, preserveFocus: boolean): Promise<void> {
  const path = where.startsWith('/') || /^[A-Za-z]:[\\/]/.test(where) ? where : absolutePath(series.root, where);
  const at = Math.max(0, (line ?? 1) - 1);
  try {
    await window.showTextDocument(Uri.file(path), { preview: true, preserveFocus, selection: new Range(at, 0, at, 0) });
  } catch {
    // Nothing to show: it speaks of a file that does not exist, or of a range of commits.
  }
}

async function showMail(series: OpenSeries, message: string, line: number, preserveFocus: boolean): Promise<void> {
  const selection = new Range(line - 1, 0, line - 1, 0);
  await window.showTextDocument(mailUri(series.id, message), { preview: true, preserveFocus, selection });
}
