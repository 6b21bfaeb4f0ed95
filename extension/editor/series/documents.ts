// The overlay's documents: their texts, and the problems in them while they are open.
import {
  DiagnosticSeverity,
  EventEmitter,
  languages,
  Uri,
  workspace,
  type Disposable,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import { toDiagnostic } from '../diagnostics.js';
import { absolutePath } from '../trees.js';
import { overlayFindings, overlayParts, overlayScheme, overlayText, readOverlay, textOf, type OverlayPlace } from './overlay.js';
import type { Series, SeriesStore } from './store.js';

export class OverlayDocuments implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly problems = languages.createDiagnosticCollection('fuse-review-series');
  private readonly disposables: readonly Pick<Disposable, 'dispose'>[];

  constructor(private readonly store: SeriesStore) {
    this.disposables = [
      this.changed,
      this.problems,
      workspace.registerTextDocumentContentProvider(overlayScheme, this),
      workspace.onDidOpenTextDocument((document) => this.showProblems(document)),
      workspace.onDidCloseTextDocument((document) => this.problems.delete(document.uri)),
      store.onDidChange((id) => {
        for (const document of workspace.textDocuments) {
          if (placeOf(document.uri)?.series !== id) continue;
          this.changed.fire(document.uri);
          this.showProblems(document);
        }
      }),
    ];
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const place = placeOf(uri);
    if (place === undefined) return '';
    const review = await this.store.whenReviewed(place.series);
    if (review === undefined) return '/* This series is not open any more. */\n';
    return overlayText(review, place) ?? '/* The series does not touch this file any more. */\n';
  }

  dispose(): void {
    for (const each of this.disposables) each.dispose();
  }

  private showProblems(document: TextDocument): void {
    const place = placeOf(document.uri);
    const series = place === undefined ? undefined : this.store.get(place.series);
    if (place === undefined) return;
    if (series?.review === undefined) {
      this.problems.delete(document.uri);
      return;
    }
    const diagnostics = overlayFindings(series.review, place).map((finding) => {
      const diagnostic = toDiagnostic(finding, (path) => uriIn(series, place, path));
      if (finding.status === 'fixed') {
        diagnostic.message = `Fixed by the patch: ${finding.message}`;
        diagnostic.severity = DiagnosticSeverity.Information;
      }
      if (finding.status === 'unchanged') diagnostic.message = `Not new: ${finding.message}`;
      return diagnostic;
    });
    this.problems.set(document.uri, diagnostics);
  }
}

export function overlayUri(place: OverlayPlace): Uri {
  return Uri.from({ scheme: overlayScheme, ...overlayParts(place) });
}

/** The document that shows a file on one side of a patch: the overlay's where the patch touches it, else the tree's. */
export function uriIn(series: Series, { scope, side }: Pick<OverlayPlace, 'scope' | 'side'>, path: string): Uri {
  const text = series.review === undefined ? undefined : textOf(series.review, scope, path);
  if (text === undefined) return Uri.file(absolutePath(series.root, path));
  return overlayUri({ series: series.id, scope, side, path: side === 'before' ? text.oldPath : text.path });
}

/** What an overlay's document shows; undefined for any other document. */
export function placeOf(uri: Uri): OverlayPlace | undefined {
  return uri.scheme === overlayScheme ? readOverlay(uri.path, uri.query) : undefined;
}
