// The overlay's documents: their texts, and the problems in them.
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
import { toDiagnostic } from '../checking/diagnostics.js';
import { absolutePath } from '../trees/trees.js';
import {
  overlayFindings,
  overlayParts,
  overlayScheme,
  overlayText,
  readOverlay,
  standingFindings,
  textOf,
  type OverlayPlace,
} from './overlay.js';
import type { ShownFinding, ShownReview } from '../../protocol/messages.js';
import type { OpenSeries, SeriesStore } from './store.js';

export class OverlayDocuments implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly problems = languages.createDiagnosticCollection('fuse-review-series');
  /** The review of each series that was shown last. */
  private readonly shown = new Map<string, ShownReview>();
  private readonly disposables: readonly Pick<Disposable, 'dispose'>[];

  constructor(private readonly store: SeriesStore) {
    this.disposables = [
      this.changed,
      this.problems,
      workspace.registerTextDocumentContentProvider(overlayScheme, this),
      workspace.onDidOpenTextDocument((document) => this.showProblems(document)),
      workspace.onDidCloseTextDocument(({ uri }) => {
        const place = placeOf(uri);
        if (place !== undefined) this.showStanding(place.series);
      }),
      store.onDidChange((id) => {
        // How far its simulation is changes neither texts nor findings.
        const review = store.get(id)?.review;
        if (this.shown.get(id) === review) return;
        if (review === undefined) this.shown.delete(id);
        else this.shown.set(id, review);
        this.showStanding(id);
        for (const document of workspace.textDocuments) if (placeOf(document.uri)?.series === id) this.changed.fire(document.uri);
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

  /** What stands in the list of problems while a series is open: all that it introduces, and all that is known of open documents. */
  private showStanding(id: string): void {
    for (const [uri] of [...this.problems]) if (placeOf(uri)?.series === id) this.problems.delete(uri);
    const series = this.store.get(id);
    // Those of what is typed in the tree stand in its own files.
    const standing = series?.review === undefined || series.source.kind === 'changes' ? [] : standingFindings(series.review);
    for (const { place, findings } of standing) this.set({ ...place, series: id }, findings);
    for (const document of workspace.textDocuments) if (placeOf(document.uri)?.series === id) this.showProblems(document);
  }

  private showProblems(document: TextDocument): void {
    const place = placeOf(document.uri);
    const review = place === undefined ? undefined : this.store.get(place.series)?.review;
    if (place !== undefined && review !== undefined) this.set(place, overlayFindings(review, place));
  }

  private set(place: OverlayPlace, findings: readonly ShownFinding[]): void {
    const series = this.store.get(place.series);
    if (series === undefined) return;
    const diagnostics = findings.map((finding) => {
      const diagnostic = toDiagnostic(finding, (path) => uriIn(series, place, path));
      if (finding.status === 'fixed') {
        diagnostic.message = `Fixed by the patch: ${finding.message}`;
        diagnostic.severity = DiagnosticSeverity.Information;
      }
      if (finding.status === 'unchanged') diagnostic.message = `Not new: ${finding.message}`;
      return diagnostic;
    });
    this.problems.set(overlayUri(place), diagnostics);
  }
}

export function overlayUri(place: OverlayPlace): Uri {
  return Uri.from({ scheme: overlayScheme, ...overlayParts(place) });
}

/** The document that shows a file on one side of a patch: the overlay's where the patch touches it, else the tree's. */
export function uriIn(series: OpenSeries, { scope, side }: Pick<OverlayPlace, 'scope' | 'side'>, path: string): Uri {
  const text = series.review === undefined ? undefined : textOf(series.review, scope, path);
  const isTyped = series.source.kind === 'changes' && side === 'after' && typeof text?.after === 'string';
  if (text === undefined || isTyped) return Uri.file(absolutePath(series.root, path));
  return overlayUri({ series: series.id, scope, side, path: side === 'before' ? text.oldPath : text.path });
}

/** What an overlay's document shows; undefined for any other document. */
export function placeOf(uri: Uri): OverlayPlace | undefined {
  return uri.scheme === overlayScheme ? readOverlay(uri.path, uri.query) : undefined;
}
