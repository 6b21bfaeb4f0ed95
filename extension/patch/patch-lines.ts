// The lines of a patch, with a reader's place among them.
import type { InputProblem } from '../model/problem.js';
import { errorAt, warningAt } from './problems.js';

/** A text read line by line; CRs stay in the lines, `header` takes them off. */
export class PatchLines {
  /** 0-based. */
  position = 0;
  private readonly lines: readonly string[];

  /** The text's first line is line `firstLine` of `where`. */
  constructor(
    text: string,
    private readonly where: string,
    private readonly firstLine: number,
  ) {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    this.lines = lines;
  }

  get done(): boolean {
    return !this.holds(0);
  }

  /** Whether there is a line so many after the current one. */
  holds(ahead: number): boolean {
    return this.position + ahead < this.lines.length;
  }

  /** The current line; undefined after the last one. */
  get current(): string | undefined {
    return this.lines[this.position];
  }

  at(index: number): string {
    return this.lines[index] ?? '';
  }

  /** A line counted from the current one, without the CR of its line end; '' after the last one. */
  header(ahead: number): string {
    return this.at(this.position + ahead).replace(/\r$/, '');
  }

  /** `---`, `+++` and a hunk, or the end of a patch that was cut. */
  get atPlainFile(): boolean {
    if (!this.header(0).startsWith('--- ') || !this.header(1).startsWith('+++ ')) return false;
    return !this.holds(2) || this.header(2).startsWith('@@ ');
  }

  /** `-- ` and git's version: the end of a mail from git format-patch, not a removed line. */
  get atSignature(): boolean {
    return /^-- ?$/.test(this.header(0)) && /^\d+\.\d+/.test(this.header(1));
  }

  /** The 1-based line, in what the user gave, of a line of this text (its last one where `index` is after that). */
  lineNumber(index: number): number {
    return Math.min(index, this.lines.length - 1) + this.firstLine;
  }

  error(index: number, message: string): InputProblem {
    return errorAt(this.where, message, this.lineNumber(index));
  }

  warning(index: number, message: string): InputProblem {
    return warningAt(this.where, message, this.lineNumber(index));
  }
}
