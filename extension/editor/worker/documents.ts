// The worker's copies of the open documents, kept in step by the change ranges that the editor reports.
import type { Note, TextChange } from '../protocol/messages.js';

export interface OpenDocument {
  readonly version: number;
  readonly text: string;
}

export class Documents {
  private readonly byPath = new Map<string, OpenDocument>();

  get(path: string): OpenDocument | undefined {
    return this.byPath.get(path);
  }

  entries(): IterableIterator<[string, OpenDocument]> {
    return this.byPath.entries();
  }

  /** Takes news of a document; false where its text is not at hand, so that it must be sent whole. */
  apply(note: Extract<Note, { t: 'open' | 'change' | 'close' }>): boolean {
    switch (note.t) {
      case 'open':
        this.byPath.set(note.path, { version: note.version, text: note.text });
        return true;
      case 'close':
        this.byPath.delete(note.path);
        return true;
      case 'change': {
        const document = this.byPath.get(note.path);
        if (document === undefined) return false;
        const text = applyChanges(document.text, note.changes);
        if (text.length !== note.length) {
          this.byPath.delete(note.path);
          return false;
        }
        this.byPath.set(note.path, { version: note.version, text });
        return true;
      }
    }
  }
}

/** The text after changes whose offsets all count in the text before them; they do not overlap. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  const sorted = [...changes].sort((a, b) => b.offset - a.offset || b.length - a.length);
  let result = text;
  for (const change of sorted) {
    result = result.slice(0, change.offset) + change.text + result.slice(change.offset + change.length);
  }
  return result;
}
