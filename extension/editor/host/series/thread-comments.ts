// What people said of a series, at the lines of its diffs: threads of VS Code's comments, several voices in one.
import {
  CommentMode,
  CommentThreadCollapsibleState,
  MarkdownString,
  Range,
  comments,
  type Comment,
  type CommentThread,
  type Disposable,
  type Uri,
} from 'vscode';
import type { PatchPlace, Remark, Suggestion } from '../../../model/mail-thread.js';
import type { ShownReview } from '../../protocol/messages.js';
import { uriIn } from './documents.js';
import { textOf } from './overlay.js';
import type { OpenSeries, SeriesStore } from './store.js';
import { suggestionText } from './thread-nodes.js';

/** A suggestion as a comment shows it. */
export interface SuggestionComment extends Comment {
  readonly series: string;
  readonly number: number;
}

/** Where in a document a line of a patch is. */
export interface CommentedLine {
  readonly uri: Uri;
  /** 0-based. */
  readonly line: number;
  /** The patch that it is a line of; 0-based. */
  readonly scope: number;
}

export class ThreadComments implements Disposable {
  private readonly controller = comments.createCommentController('fuseReview.thread', 'Replies to the series');
  private readonly shown = new Map<string, { readonly review: ShownReview; readonly threads: readonly CommentThread[] }>();
  private readonly listener: Disposable;

  constructor(private readonly store: SeriesStore) {
    this.listener = store.onDidChange((id) => {
      const series = store.get(id);
      const review = series?.review;
      if (this.shown.get(id)?.review === review) return;
      for (const thread of this.shown.get(id)?.threads ?? []) thread.dispose();
      this.shown.delete(id);
      if (series !== undefined && review !== undefined) this.shown.set(id, { review, threads: this.show(series, review) });
    });
  }

  dispose(): void {
    this.listener.dispose();
    this.controller.dispose();
  }

  private show(series: OpenSeries, { thread }: ShownReview): readonly CommentThread[] {
    if (thread === null) return [];
    const applied = series.source.kind === 'files' ? (series.source.suggestions ?? []) : [];
    const order = new Map(thread.messages.map(({ id }, at) => [id, at]));
    const all = [
      ...thread.remarks.map((remark) => ({ ...remark, comment: remarkComment(remark) })),
      ...thread.suggestions.map((each) => ({ ...each, comment: suggestionComment(series.id, each, applied.includes(each.number)) })),
    ].sort((a, b) => (order.get(a.message) ?? 0) - (order.get(b.message) ?? 0) || a.bodyLine - b.bodyLine);
    const places = new Map<string, { readonly at: CommentedLine; readonly comments: Comment[] }>();
    for (const { patch, place, comment } of all) {
      const at = lineOf(series, patch, place);
      if (at === undefined) continue;
      const key = `${at.uri.toString()} ${at.line}`;
      const known = places.get(key);
      if (known) known.comments.push(comment);
      else places.set(key, { at, comments: [comment] });
    }
    return [...places.values()].map(({ at, comments: said }) => {
      const made = this.controller.createCommentThread(at.uri, new Range(at.line, 0, at.line, 0), said);
      made.canReply = false;
      made.collapsibleState = CommentThreadCollapsibleState.Expanded;
      made.label = [...new Set(said.map(({ author }) => author.name))].join(', ');
      return made;
    });
  }
}

/** Where a line of a patch is among the documents of the series: the line that says it, nearest to where the patch has it. */
export function lineOf(series: OpenSeries, patch: string | null, place: PatchPlace | null): CommentedLine | undefined {
  const { review } = series;
  const scope = patch === null || place === null ? -1 : (review?.patches.findIndex(({ messageId }) => messageId === patch) ?? -1);
  if (review === undefined || place === null || scope < 0) return undefined;
  const side = place.side === 'old' ? 'before' : 'after';
  const text = textOf(review, scope, place.file)?.[side];
  if (typeof text !== 'string') return undefined;
  const lines = text.split('\n');
  const wanted = place.line - 1;
  const same = [...lines.keys()].filter((at) => lines[at] === place.text);
  const line = same.reduce(
    (best, at) => (Math.abs(at - wanted) < Math.abs(best - wanted) ? at : best),
    same[0] ?? Math.min(wanted, lines.length - 1),
  );
  return { uri: uriIn(series, { scope, side }, place.file), line, scope };
}

function remarkComment({ voice, text, date, reason }: Remark): Comment {
  const body = new MarkdownString(asMarkdown(text));
  if (reason !== null) body.appendMarkdown(`\n\n_${asMarkdown(reason)}_`);
  return { author: { name: voice }, body, mode: CommentMode.Preview, ...timeOf(date) };
}

/** The text as it is, line by line; `appendText` would not let it wrap. */
function asMarkdown(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd().replace(/[\\`*_{}[\]()#+\-.!|~<>&]/g, '\\$&'))
    .join('  \n');
}

function suggestionComment(series: string, suggestion: Suggestion, isApplied: boolean): SuggestionComment {
  const { voice, number, date } = suggestion;
  return {
    author: { name: voice },
    label: `suggestion ${number}${isApplied ? ', applied' : ''}`,
    body: new MarkdownString().appendCodeblock(suggestionText(suggestion), 'diff'),
    mode: CommentMode.Preview,
    contextValue: isApplied ? 'applied-suggestion' : 'suggestion',
    ...timeOf(date),
    series,
    number,
  };
}

function timeOf(date: string): Pick<Comment, 'timestamp'> {
  const time = Date.parse(date);
  return Number.isNaN(time) ? {} : { timestamp: new Date(time) };
}
