// The texts that findings point into, before and after a series, and positions in them for people and for SARIF.
import type { FindingStatus } from '../model/finding.js';
import type { Review } from '../model/review.js';
import { LineTable, type LineNumber, type SourceTree, type Span } from '../model/source.js';

/** Which text a position belongs to. A finding that is `fixed` has its positions in the text before. */
export type Side = 'before' | 'after';

export function sideOf(status: FindingStatus): Side {
  return status === 'fixed' ? 'before' : 'after';
}

/** Lines and columns are 1-based; columns count UTF-16 code units; the end is exclusive. */
export interface Region {
  readonly line: LineNumber;
  readonly column: number;
  readonly endLine: LineNumber;
  readonly endColumn: number;
}

interface Text {
  readonly text: string;
  readonly lines: LineTable;
}

/** Answers from a text what stands where. A file that cannot be read has no regions and no lines. */
export class Sources {
  private readonly cache = new Map<string, Text | undefined>();

  constructor(private readonly read: (file: string, side: Side) => string | undefined) {}

  static ofTree(tree: SourceTree): Sources {
    return new Sources((file) => tree.read(file));
  }

  /** The texts of a review: those that the series touches from the review, all others from the base tree. */
  static ofReview(tree: SourceTree, review: Review): Sources {
    const touched = new Map(review.files.map((file) => [file.path, file]));
    return new Sources((path, side) => {
      const file = touched.get(path);
      return file === undefined ? tree.read(path) : ((side === 'before' ? file.before : file.after) ?? undefined);
    });
  }

  region(file: string, span: Span, side: Side): Region | undefined {
    const source = this.source(file, side);
    if (source === undefined) return undefined;
    const limit = source.text.length;
    const start = Math.min(span.start, limit);
    const end = Math.min(Math.max(span.end, start), limit);
    return {
      line: source.lines.lineNumber(start),
      column: source.lines.column(start) + 1,
      endLine: source.lines.lineNumber(end),
      endColumn: source.lines.column(end) + 1,
    };
  }

  /** The text of a 1-based line without its line ending. */
  line(file: string, line: LineNumber, side: Side): string | undefined {
    const source = this.source(file, side);
    if (source === undefined || line < 1 || line > source.lines.lineCount) return undefined;
    const start = source.lines.start(line - 1);
    const end = source.text.indexOf('\n', start);
    const text = end < 0 ? source.text.slice(start) : source.text.slice(start, end);
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  }

  private source(file: string, side: Side): Text | undefined {
    const key = `${side}:${file}`;
    if (!this.cache.has(key)) {
      const text = this.read(file, side);
      this.cache.set(key, text === undefined ? undefined : { text, lines: new LineTable(text) });
    }
    return this.cache.get(key);
  }
}
