// Diffs within what somebody wrote, as far as a mailer left them whole: lines that lost their indentation or were wrapped, and hunks that
// end before their counts do.
import type { SuggestedHunk, SuggestedLine } from '../../model/mail-thread.js';
import { contentKey } from './patch-places.js';

export interface Fragment {
  readonly hunks: readonly SuggestedHunk[];
  /** Indices of its lines among those given. */
  readonly lines: readonly number[];
}

const hunkHeader = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;
const fileHeader =
  /^(?:index [0-9a-f]+\.\.|old mode |new mode |new file mode |deleted file mode |similarity index |rename (?:from|to) |--- |\+\+\+ )/;

/** Columns from which on a line may have been wrapped by a mailer. */
const wrapsFrom = 56;

/**
 * The diffs among the lines that somebody wrote, those of others between them left out. `isKnown` tells whether a line, by its `contentKey`,
 * stands in the code that is talked about: what has no mark and is not known is no context.
 */
export function fragmentsIn(lines: readonly string[], isKnown: (key: string, file: string) => boolean): readonly Fragment[] {
  return new FragmentReader(lines, isKnown).read();
}

class FragmentReader {
  private readonly found: { hunks: SuggestedHunk[]; lines: number[] }[] = [];
  private open: { hunks: SuggestedHunk[]; lines: number[] } | null = null;
  private file = '';
  private at = 0;

  constructor(
    private readonly lines: readonly string[],
    private readonly isKnown: (key: string, file: string) => boolean,
  ) {}

  read(): readonly Fragment[] {
    while (this.at < this.lines.length) {
      const line = this.line(0);
      const named =
        /^diff --git a\/\S+ b\/(\S+)/.exec(line)?.[1] ??
        (/^--- \S/.test(line) ? /^\+\+\+ (?:b\/)?(\S+)/.exec(this.line(1))?.[1] : undefined);
      if (named !== undefined) this.header(named);
      else if (hunkHeader.test(line)) this.hunk();
      else {
        // Words end it, blank lines don't.
        if (line.trim() !== '') {
          this.open = null;
          this.file = '';
        }
        this.at++;
      }
    }
    return this.found.filter(({ hunks }) => hunks.length > 0);
  }

  private line(ahead: number): string {
    return this.lines[this.at + ahead] ?? '';
  }

  private take(): void {
    if (this.open === null) this.found.push((this.open = { hunks: [], lines: [] }));
    this.open.lines.push(this.at++);
  }

  private header(file: string): void {
    this.file = file;
    this.take();
    while (fileHeader.test(this.line(0))) this.take();
  }

  private hunk(): void {
    const header = this.line(0);
    const [, oldCount = '1', newCount = '1'] = hunkHeader.exec(header) ?? [];
    let [oldLeft, newLeft] = [Number(oldCount), Number(newCount)];
    this.take();
    // Its function was wrapped.
    if (!this.isMarked(0) && this.line(0).trim() !== '' && !this.isContext(0)) this.take();
    const read: SuggestedLine[] = [];
    for (; this.at < this.lines.length;) {
      const line = this.line(0);
      if (hunkHeader.test(line) || line.startsWith('diff --git ') || (/^--- \S/.test(line) && /^\+\+\+ \S/.test(this.line(1)))) break;
      const isMarked = this.isMarked(0);
      if (oldLeft <= 0 && newLeft <= 0 && !isMarked) break;
      if (line.trim() === '') {
        // Blank lines are of the diff where more of it follows.
        let next = 1;
        while (this.at + next < this.lines.length && this.line(next).trim() === '') next++;
        if (!this.isMarked(next) && !this.isContext(next)) break;
        for (let count = 0; count < next; count++) {
          read.push({ kind: 'context', text: '' });
          this.take();
        }
        oldLeft -= next;
        newLeft -= next;
        continue;
      }
      // What begins with a blank is one as far as the header counts.
      const isContext = this.isContext(0) || (/^[ \t]/.test(line) && oldLeft > 0);
      if (!isMarked && !isContext) {
        const last = read.at(-1);
        const isWrapped = last !== undefined && last.text.length >= wrapsFrom && (this.isMarked(1) || this.isContext(1));
        if (!isWrapped) break;
        read[read.length - 1] = { ...last, text: `${last.text.trimEnd()} ${line.trim()}` };
        this.take();
        continue;
      }
      const kind = !isMarked ? 'context' : line.startsWith('+') ? 'added' : 'removed';
      read.push({ kind, text: isMarked || line.startsWith(' ') ? line.slice(1) : line });
      if (kind !== 'added') oldLeft--;
      if (kind !== 'removed') newLeft--;
      this.take();
    }
    if (read.some(({ kind }) => kind !== 'context')) this.open?.hunks.push({ file: this.file, header, lines: read });
  }

  private isMarked(ahead: number): boolean {
    const line = this.line(ahead);
    return /^[+-]/.test(line) && !/^-- ?$/.test(line);
  }

  private isContext(ahead: number): boolean {
    const key = contentKey(this.line(ahead));
    return key !== '' && this.isKnown(key, this.file);
  }
}
