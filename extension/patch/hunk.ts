// The hunks of one file in a diff, held to the counts in their headers.
import type { InputProblem } from '../model/problem.js';
import { failed, ok, type Result } from '../model/result.js';
import type { LineNumber } from '../model/source.js';
import type { PatchLines } from './patch-lines.js';
import { quoteLine } from './problems.js';

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

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

export function isHunkHeader(line: string): boolean {
  return hunkHeader.test(line);
}

/**
 * Reads the hunks at the current line and after it. Returns those that are whole and how many there are;
 * for each other one a problem that names the line of the patch is added. `label` names the file in messages.
 */
export function readHunks(lines: PatchLines, label: string, problems: InputProblem[]): { hunks: Hunk[]; hunkCount: number } {
  const hunks: Hunk[] = [];
  let hunkCount = 0;
  while (lines.header(0).startsWith('@@ ')) {
    hunkCount++;
    const hunk = readHunk(lines, hunkCount, label);
    if (hunk.ok) hunks.push(hunk.value);
    else {
      problems.push(hunk.failure);
      skipBrokenHunk(lines);
    }
  }
  return { hunks, hunkCount };
}

function readHunk(lines: PatchLines, number: number, label: string): Result<Hunk> {
  const start = lines.position;
  const header = lines.header(0);
  const match = hunkHeader.exec(header);
  lines.position++;
  if (!match) return failed(lines.error(start, `hunk ${number} of ${label} has a header that cannot be read: ${quoteLine(header)}`));
  const count = (digits: string | undefined) => (digits === undefined ? 1 : Number(digits));
  const [oldLines, newLines] = [count(match[2]), count(match[4])];
  const named = `hunk ${number} of ${label} (${header.slice(0, 60)})`;
  const read: HunkLine[] = [];
  let oldSeen = 0;
  let newSeen = 0;
  while (oldSeen < oldLines || newSeen < newLines) {
    const line = lines.current;
    const kind = line === undefined || lines.atSignature ? undefined : kindOf(line);
    if (line === undefined || kind === undefined) {
      const stop = line === undefined ? 'the text ends' : `${quoteLine(line)} follows`;
      const seen = `${oldSeen} of ${oldLines} old and ${newSeen} of ${newLines} new lines`;
      return failed(
        lines.error(lines.position, `${named} is cut off: after ${seen} ${stop}; get the patch again, not wrapped by a mailer`),
      );
    }
    lines.position++;
    if (kind === 'marker') {
      dropNewline(read);
      continue;
    }
    if (kind !== 'added') oldSeen++;
    if (kind !== 'removed') newSeen++;
    if (oldSeen > oldLines || newSeen > newLines)
      return failed(lines.error(lines.position - 1, `${named} holds more lines than its header says`));
    read.push({ kind, text: `${line.replace(/^[ +-]/, '')}\n` });
  }
  if (kindOf(lines.current ?? '') === 'marker') {
    dropNewline(read);
    lines.position++;
  }
  // `-- ` ends a mail, and `--- ` begins the next file.
  if (/^(?:\+(?!\+\+ )|-(?!-))/.test(lines.current ?? '')) {
    return failed(lines.error(lines.position, `${named} holds more lines than its header says`));
  }
  const [oldStart, newStart] = [count(match[1]), count(match[3])];
  return ok({ number, header, oldStart, oldLines, newStart, newLines, line: lines.lineNumber(start), lines: read });
}

/** `\ No newline at end of file`, in whatever language, is said of the line before it. */
function dropNewline(read: HunkLine[]): void {
  const last = read.pop();
  if (last) read.push({ kind: last.kind, text: last.text.replace(/\n$/, '') });
}

function skipBrokenHunk(lines: PatchLines): void {
  while (!lines.done) {
    const line = lines.header(0);
    if (line.startsWith('@@ ') || line.startsWith('diff --git ') || lines.atPlainFile || lines.atSignature) return;
    lines.position++;
  }
}

function kindOf(line: string): HunkLine['kind'] | 'marker' | undefined {
  if (line === '' || line === '\r' || line.startsWith(' ')) return 'context';
  if (line.startsWith('+')) return 'added';
  if (line.startsWith('-')) return 'removed';
  return line.startsWith('\\ ') ? 'marker' : undefined;
}
