// A diff's text into files and hunks, strictly: every complaint names the file and the line of the patch.
import type { InputProblem } from '../model/problem.js';
import type { ReviewedFile } from '../model/review.js';
import type { LineNumber } from '../model/source.js';
import { insideTree, readFileName, readGitHeader, readQuotedName, stripPrefixes } from './paths.js';
import { errorAt, quoteLine, warningAt } from './problems.js';

export interface HunkLine {
  readonly kind: 'context' | 'removed' | 'added';
  /** With its line end; without one where the patch says `\ No newline at end of file`. */
  readonly text: string;
}

export interface Hunk {
  /** 1-based, among all hunks of the file. */
  readonly number: number;
  /** The `@@` line. */
  readonly header: string;
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** Where the `@@` line is in the patch. */
  readonly line: LineNumber;
  readonly lines: readonly HunkLine[];
}

export interface FileDiff {
  /** After the patch (before it, for a deletion), relative to the tree's root. */
  readonly path: string;
  readonly oldPath: string;
  readonly change: ReviewedFile['change'];
  /** `oldPath` stays as it is (`copy from`). */
  readonly copied: boolean;
  /** Octal, as git writes it; empty where the diff does not say. */
  readonly oldMode: string;
  readonly newMode: string;
  /** Without those that could not be read, which `hunkCount` counts too. */
  readonly hunks: readonly Hunk[];
  readonly hunkCount: number;
  /** What was wrong with this file's part of the patch. */
  readonly problems: readonly InputProblem[];
}

export interface DiffText {
  readonly files: readonly FileDiff[];
  /** Of files that had to be left out altogether. */
  readonly problems: readonly InputProblem[];
  /** 0-based index of the first line that belongs to a diff; undefined where there is none. */
  readonly firstDiffLine: number | undefined;
}

/**
 * The files of a diff, by git or by diff -u, with prose before, between and after it.
 * Only what stands at the margin counts: a quoted diff (`> @@`) is prose.
 * Problems are placed at `where`, the text's first line being line `firstLine` there.
 */
export function readDiff(text: string, where: string, firstLine = 1): DiffText {
  return new DiffReader(text, where, firstLine).read();
}

interface Header {
  oldPath?: string;
  newPath?: string;
  oldMode: string;
  newMode: string;
  renamed: boolean;
  copied: boolean;
  added: boolean;
  deleted: boolean;
  binary: boolean;
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;
const gitLine = /^diff --git /;

class DiffReader {
  private readonly lines: string[];
  private at = 0;
  private readonly files: FileDiff[] = [];
  private readonly problems: InputProblem[] = [];
  private firstDiffLine: number | undefined;

  constructor(
    text: string,
    private readonly where: string,
    private readonly firstLine: number,
  ) {
    this.lines = text.split('\n');
    if (this.lines.at(-1) === '') this.lines.pop();
  }

  read(): DiffText {
    while (this.at < this.lines.length) {
      const line = this.header(0);
      const start = this.at;
      if (gitLine.test(line)) this.gitFile();
      else if (/^diff --(?:cc|combined) /.test(line)) {
        this.problems.push(this.error(start, 'is the combined diff of a merge; give the commits that were merged'));
        this.at++;
      } else if (this.atPlainFile()) this.plainFile();
      else {
        const stray = this.firstDiffLine !== undefined && hunkHeader.test(line);
        if (stray) this.problems.push(this.error(start, `the hunk ${quoteLine(line)} has no file named before it`));
        this.at++;
        continue;
      }
      this.firstDiffLine ??= start;
    }
    return { files: this.files, problems: this.problems, firstDiffLine: this.firstDiffLine };
  }

  /** A header line, counted from here, without the CR of its line end. */
  private header(ahead: number): string {
    return (this.lines[this.at + ahead] ?? '').replace(/\r$/, '');
  }

  private error(index: number, message: string): InputProblem {
    return errorAt(this.where, message, index + this.firstLine);
  }

  private atPlainFile(): boolean {
    if (!this.header(0).startsWith('--- ') || !this.header(1).startsWith('+++ ')) return false;
    return this.at + 2 >= this.lines.length || this.header(2).startsWith('@@ ');
  }

  private gitFile(): void {
    const start = this.at;
    const names = readGitHeader(this.header(0).slice('diff --git '.length));
    const header: Header = { ...emptyHeader, ...(names && stripPrefixes(names.oldName, names.newName)) };
    this.at++;
    let named = false;
    while (this.at < this.lines.length && this.extendedHeader(header)) this.at++;
    if (this.header(0).startsWith('--- ') && this.header(1).startsWith('+++ ')) {
      this.fileNames(header);
      named = true;
    }
    this.finish(start, header, named);
  }

  private plainFile(): void {
    const start = this.at;
    const header: Header = { ...emptyHeader };
    this.fileNames(header);
    this.finish(start, header, true);
  }

  /** Takes one line between `diff --git` and the hunks; false where it is none of them. */
  private extendedHeader(header: Header): boolean {
    const line = this.header(0);
    const match =
      /^(old mode|new mode|deleted file mode|new file mode|rename from|rename to|copy from|copy to|index|similarity index|dissimilarity index) (.*)$/.exec(line);
    const value = match?.[2] ?? '';
    const name = value.startsWith('"') ? (readQuotedName(value)?.name ?? value) : value;
    switch (match?.[1]) {
      case 'old mode':
        header.oldMode = value;
        return true;
      case 'new mode':
        header.newMode = value;
        return true;
      case 'deleted file mode':
        header.deleted = true;
        header.oldMode = value;
        return true;
      case 'new file mode':
        header.added = true;
        header.newMode = value;
        return true;
      case 'rename from':
      case 'copy from':
        header.oldPath = name;
        return true;
      case 'rename to':
      case 'copy to':
        header.newPath = name;
        if (match?.[1] === 'rename to') header.renamed = true;
        else header.copied = true;
        return true;
      case undefined:
        return this.binaryPart(header, line);
      default:
        return true;
    }
  }

  private binaryPart(header: Header, line: string): boolean {
    if (/^Binary files .* differ$/.test(line)) {
      header.binary = true;
      return true;
    }
    if (line !== 'GIT binary patch') return false;
    header.binary = true;
    while (this.at + 1 < this.lines.length && /^(?:literal \d+|delta \d+|[A-Za-z][!-~]+|)$/.test(this.header(1))) this.at++;
    return true;
  }

  private fileNames(header: Header): void {
    const oldName = readFileName(this.header(0).slice(4));
    const newName = readFileName(this.header(1).slice(4));
    const { oldPath, newPath } = stripPrefixes(oldName, newName);
    if (oldName === '/dev/null') header.added = true;
    if (newName === '/dev/null') header.deleted = true;
    if (!header.renamed && !header.copied) {
      header.oldPath = oldPath;
      header.newPath = newPath;
    }
    this.at += 2;
  }

  private finish(start: number, header: Header, named: boolean): void {
    const oldName = header.added ? header.newPath : header.oldPath;
    const newName = header.deleted ? header.oldPath : header.newPath;
    const problems: InputProblem[] = [];
    const label = newName ?? 'an unnamed file';
    const { hunks, hunkCount } = this.hunks(label, problems);
    if (oldName === undefined || newName === undefined) {
      this.problems.push(this.error(start, `${quoteLine(this.lines[start] ?? '')} does not say which file it changes; left out`));
      return;
    }
    for (const name of new Set([oldName, newName])) {
      if (insideTree(name)) continue;
      this.problems.push(this.error(start, `"${name}" is outside the tree; this file's changes are left out`));
      return;
    }
    const link = [header.oldMode, header.newMode].some((mode) => mode === '120000' || mode === '160000');
    if (named && hunkCount === 0) problems.push(this.error(start, `names ${label} but holds no hunk for it; the patch was cut`));
    if (header.binary) problems.push(warningAt(this.where, `${label} is binary; not applied`, start + this.firstLine));
    else if (link) problems.push(warningAt(this.where, `${label} is a symbolic link or submodule; not applied`, start + this.firstLine));
    this.files.push({
      path: insideTree(newName) ?? newName,
      oldPath: insideTree(oldName) ?? oldName,
      change: changeOf(header, link, hunkCount),
      copied: header.copied,
      oldMode: header.oldMode,
      newMode: header.newMode,
      hunks,
      hunkCount,
      problems,
    });
  }

  private hunks(label: string, problems: InputProblem[]): { hunks: Hunk[]; hunkCount: number } {
    const hunks: Hunk[] = [];
    let hunkCount = 0;
    while (this.at < this.lines.length && this.header(0).startsWith('@@ ')) {
      hunkCount++;
      const hunk = this.hunk(hunkCount, label);
      if ('severity' in hunk) {
        problems.push(hunk);
        this.skipBrokenHunk();
      } else hunks.push(hunk);
    }
    return { hunks, hunkCount };
  }

  private hunk(number: number, label: string): Hunk | InputProblem {
    const start = this.at;
    const header = this.header(0);
    const match = hunkHeader.exec(header);
    const named = `hunk ${number} of ${label} (${header.slice(0, 80)})`;
    this.at++;
    if (!match) return this.error(start, `hunk ${number} of ${label} has a header that cannot be read: ${quoteLine(header)}`);
    const [oldStart, oldLines, newStart, newLines] = match.slice(1).map((digits) => (digits === undefined ? 1 : Number(digits)));
    if (oldStart === undefined || oldLines === undefined || newStart === undefined || newLines === undefined) {
      throw new Error('four groups of a hunk header');
    }
    const lines: Draft<HunkLine>[] = [];
    let oldSeen = 0;
    let newSeen = 0;
    while (oldSeen < oldLines || newSeen < newLines) {
      const line = this.lines[this.at];
      const kind = line === undefined || this.atSignature() ? undefined : kindOf(line);
      if (line === undefined || kind === undefined) {
        const stop = line === undefined ? 'the text ends' : `${quoteLine(line)} follows`;
        const seen = `${oldSeen} of ${oldLines} old and ${newSeen} of ${newLines} new lines`;
        return this.error(Math.min(this.at, this.lines.length - 1), `${named} is cut off: after ${seen} ${stop}; get the patch again, not wrapped by a mailer`);
      }
      this.at++;
      if (kind === 'marker') this.dropNewline(lines);
      else {
        if (kind !== 'added') oldSeen++;
        if (kind !== 'removed') newSeen++;
        lines.push({ kind, text: `${line.replace(/^[ +-]/, '')}\n` });
      }
      if (oldSeen > oldLines || newSeen > newLines) return this.error(this.at - 1, `${named} holds more lines than its header says`);
    }
    if (kindOf(this.lines[this.at] ?? '') === 'marker') {
      this.dropNewline(lines);
      this.at++;
    }
    if (/^(?:\+(?!\+\+ )|-(?!-))/.test(this.lines[this.at] ?? '')) {
      return this.error(this.at, `${named} holds more lines than its header says`);
    }
    return { number, header, oldStart, oldLines, newStart, newLines, line: start + this.firstLine, lines };
  }

  private dropNewline(lines: Draft<HunkLine>[]): void {
    const last = lines.at(-1);
    if (last) last.text = last.text.replace(/\n$/, '');
  }

  /** `-- ` and git's version: the end of a mail from git format-patch, not a removed line. */
  private atSignature(): boolean {
    return /^-- ?$/.test(this.header(0)) && /^\d+\.\d+/.test(this.header(1));
  }

  private skipBrokenHunk(): void {
    while (this.at < this.lines.length) {
      const line = this.header(0);
      if (line.startsWith('@@ ') || gitLine.test(line) || this.atPlainFile() || this.atSignature()) return;
      this.at++;
    }
  }
}

const emptyHeader: Header = {
  oldMode: '',
  newMode: '',
  renamed: false,
  copied: false,
  added: false,
  deleted: false,
  binary: false,
};

function changeOf(header: Header, link: boolean, hunkCount: number): FileDiff['change'] {
  if (header.binary || link) return 'binary';
  if (header.added || header.copied) return 'added';
  if (header.deleted) return 'deleted';
  if (header.renamed) return 'renamed';
  return hunkCount === 0 && header.newMode !== '' ? 'mode' : 'modified';
}

function kindOf(line: string): HunkLine['kind'] | 'marker' | undefined {
  if (line === '' || line === '\r' || line.startsWith(' ')) return 'context';
  if (line.startsWith('+')) return 'added';
  if (line.startsWith('-')) return 'removed';
  return line.startsWith('\\ ') ? 'marker' : undefined;
}
