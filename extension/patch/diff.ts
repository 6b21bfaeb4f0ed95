// A diff's text into files and hunks, strictly: every complaint names the file and the line of the patch.
import type { InputProblem } from '../model/problem.js';
import type { ReviewedFile } from '../model/review.js';
import { readNamedFile } from './file-name.js';
import { insideTree, readGitHeader, readQuotedName, stripPrefixes } from './paths.js';
import { isHunkHeader, readHunks, type Hunk } from './hunk.js';
import { PatchLines } from './patch-lines.js';
import { quoteLine } from './problems.js';

export interface FileDiff {
  /** After the patch (before it, for a deletion), relative to the tree's root. */
  readonly path: string;
  readonly oldPath: string;
  readonly change: ReviewedFile['change'];
  /** `oldPath` stays as it is (`copy from`). */
  readonly copied: boolean;
  /** Its only hunk begins with nothing, and no line says whether that is an empty file or none: the tree does. */
  readonly perhapsAdded: boolean;
  /** The paths are as the diff has them, and may begin with a folder that holds the tree. */
  readonly perhapsPrefixed: boolean;
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
  return new DiffReader(new PatchLines(text, where, firstLine)).read();
}

interface Header {
  oldPath?: string;
  newPath?: string;
  /** Octal, as git writes it; empty where the diff does not say. */
  oldMode: string;
  newMode: string;
  renamed: boolean;
  copied: boolean;
  added: boolean;
  deleted: boolean;
  binary: boolean;
  /** `diff --git` leads it, and says what is added and deleted. */
  git: boolean;
  oldAtEpoch: boolean;
  newAtEpoch: boolean;
  prefixed: boolean;
}

class DiffReader {
  private readonly files: FileDiff[] = [];
  private readonly problems: InputProblem[] = [];
  private firstDiffLine: number | undefined;

  constructor(private readonly lines: PatchLines) {}

  read(): DiffText {
    while (!this.lines.done) {
      const line = this.lines.header(0);
      const start = this.lines.position;
      if (line.startsWith('diff --git ')) this.gitFile();
      else if (/^diff --(?:cc|combined) /.test(line)) {
        this.problems.push(this.lines.error(start, 'is the combined diff of a merge; give the commits that were merged'));
        this.lines.position++;
      } else if (this.lines.atPlainFile) this.plainFile();
      else {
        const stray = this.firstDiffLine !== undefined && isHunkHeader(line);
        if (stray) this.problems.push(this.lines.error(start, `the hunk ${quoteLine(line)} has no file named before it`));
        this.lines.position++;
        continue;
      }
      this.firstDiffLine ??= start;
    }
    return { files: this.files, problems: this.problems, firstDiffLine: this.firstDiffLine };
  }

  private gitFile(): void {
    const start = this.lines.position;
    const names = readGitHeader(this.lines.header(0).slice('diff --git '.length));
    const header: Header = { ...emptyHeader, git: true, ...(names && stripPrefixes(names.oldName, names.newName)) };
    this.lines.position++;
    let named = false;
    while (!this.lines.done && this.extendedHeader(header)) this.lines.position++;
    if (this.lines.header(0).startsWith('--- ') && this.lines.header(1).startsWith('+++ ')) {
      this.fileNames(header);
      named = true;
    }
    this.finish(start, header, named);
  }

  private plainFile(): void {
    const start = this.lines.position;
    const header: Header = { ...emptyHeader };
    this.fileNames(header);
    this.finish(start, header, true);
  }

  /** Takes one line between `diff --git` and the hunks; false where it is none of them. */
  private extendedHeader(header: Header): boolean {
    const line = this.lines.header(0);
    const match =
      /^(old mode|new mode|deleted file mode|new file mode|rename from|rename to|copy from|copy to|index|similarity index|dissimilarity index) (.*)$/.exec(
        line,
      );
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
        if (match[1] === 'rename to') header.renamed = true;
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
    while (this.lines.holds(1) && /^(?:literal \d+|delta \d+|[A-Za-z][!-~]+|)$/.test(this.lines.header(1))) this.lines.position++;
    return true;
  }

  private fileNames(header: Header): void {
    const { name: oldName, atEpoch: oldAtEpoch } = readNamedFile(this.lines.header(0).slice(4));
    const { name: newName, atEpoch: newAtEpoch } = readNamedFile(this.lines.header(1).slice(4));
    const { oldPath, newPath } = stripPrefixes(oldName, newName);
    Object.assign(header, { oldAtEpoch, newAtEpoch, prefixed: oldPath !== oldName || newPath !== newName });
    if (oldName === '/dev/null') header.added = true;
    if (newName === '/dev/null') header.deleted = true;
    if (!header.renamed && !header.copied) {
      header.oldPath = oldPath;
      header.newPath = newPath;
    }
    this.lines.position += 2;
  }

  private finish(start: number, header: Header, named: boolean): void {
    const problems: InputProblem[] = [];
    const label = (header.deleted ? header.oldPath : header.newPath) ?? 'an unnamed file';
    const { hunks, hunkCount } = readHunks(this.lines, label, problems);
    const fromNothing = hunkCount === 1 && hunks.every(({ oldStart, oldLines }) => oldStart === 0 && oldLines === 0);
    const toNothing = hunkCount === 1 && hunks.every(({ newStart, newLines }) => newStart === 0 && newLines === 0);
    if (!header.git && fromNothing && header.oldAtEpoch) header.added = true;
    else if (!header.git && toNothing && header.newAtEpoch) header.deleted = true;
    const oldName = header.added ? header.newPath : header.oldPath;
    const newName = header.deleted ? header.oldPath : header.newPath;
    if (oldName === undefined || newName === undefined) {
      this.problems.push(this.lines.error(start, `${quoteLine(this.lines.at(start))} does not say which file it changes; left out`));
      return;
    }
    for (const name of new Set([oldName, newName])) {
      if (insideTree(name)) continue;
      this.problems.push(this.lines.error(start, `"${name}" is outside the tree; this file's changes are left out`));
      return;
    }
    const link = [header.oldMode, header.newMode].some((mode) => mode === '120000' || mode === '160000');
    if (named && hunkCount === 0) problems.push(this.lines.error(start, `names ${label} but holds no hunk for it; the patch was cut`));
    if (header.binary) problems.push(this.lines.warning(start, `${label} is binary; not applied`));
    else if (link) problems.push(this.lines.warning(start, `${label} is a symbolic link or submodule; not applied`));
    this.files.push({
      path: insideTree(newName) ?? newName,
      oldPath: insideTree(oldName) ?? oldName,
      change: changeOf(header, link, hunkCount),
      copied: header.copied,
      perhapsAdded: !header.git && !header.added && fromNothing && hunks.length > 0,
      perhapsPrefixed: !header.git && !header.prefixed,
      hunks,
      hunkCount,
      problems,
    });
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
  git: false,
  oldAtEpoch: false,
  newAtEpoch: false,
  prefixed: false,
};

function changeOf(header: Header, link: boolean, hunkCount: number): FileDiff['change'] {
  if (header.binary || link) return 'binary';
  if (header.added || header.copied) return 'added';
  if (header.deleted) return 'deleted';
  if (header.renamed) return 'renamed';
  return hunkCount === 0 && header.newMode !== '' ? 'mode' : 'modified';
}
