// The mails of a series as documents to be read.
import { Uri, workspace, type Disposable, type TextDocumentContentProvider } from 'vscode';
import type { SeriesStore } from './store.js';

const scheme = 'fuse-review-mail';

export class MailDocuments implements TextDocumentContentProvider, Disposable {
  private readonly registration: Disposable;

  constructor(private readonly store: SeriesStore) {
    this.registration = workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async provideTextDocumentContent({ query }: Uri): Promise<string> {
    const [series = '', message = ''] = JSON.parse(query) as readonly string[];
    const review = await this.store.whenReviewed(series);
    return review?.thread?.messages.find(({ id }) => id === message)?.body ?? 'This series is not open any more.\n';
  }

  dispose(): void {
    this.registration.dispose();
  }
}

/** The document with a mail's text. */
export function mailUri(series: string, message: string): Uri {
  return Uri.from({ scheme, path: `/${message.replace(/[^\w.@-]/g, '_')}.txt`, query: JSON.stringify([series, message]) });
}
