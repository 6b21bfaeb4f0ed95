// Cuts the lines of a log into those of each report. What is printed between two reports is dropped; no line is in two.
import { isMarker } from './guest-markers.js';
import type { LogLine } from './log-lines.js';
import { followsFrom, titleOf, type ReportTitle } from './report-titles.js';

export interface ReportBlock {
  readonly title: ReportTitle;
  /** The line that `title` was found in. */
  readonly titleText: string;
  readonly lines: readonly LogLine[];
}

const cutHere = /^-+\[ cut here \]-+/;
const endOfTrace = /^---\[ end trace\b/;
const endOfPanic = /^---\[ end Kernel panic\b/;
const endOfTask = /^\s*<\/TASK>/;
const banner = /^={20,}$/;
const crash = 'Oops: ';

/** More lines than a report of one task has: where its end was lost, the rest of the log is not taken for it. */
const mostLines = 600;

class Block {
  readonly lines: LogLine[] = [];
  title: ReportTitle | undefined;
  titleText = '';
  /** The machine stops because of this report, so that what follows is of it. */
  panicked = false;
  private banners = 0;

  add(line: LogLine): void {
    if (banner.test(line.text)) this.banners++;
    this.lines.push(line);
  }

  /** Whether a line that begins a report of its own elsewhere goes on with this one. */
  continuesWith(title: ReportTitle, text: string): boolean {
    if (title.end !== 'cut') return false;
    if (!this.title) return true;
    if (text.startsWith(crash) && this.lines.some((line) => line.text.startsWith(crash))) return false;
    return this.title.end === 'cut' && title.rank > this.title.rank;
  }

  /** Whether nothing that comes after `line`, the newest, belongs to this one. */
  endsWith({ text }: LogLine): boolean {
    if (this.lines.length >= mostLines) return true;
    if (this.panicked) return endOfPanic.test(text);
    switch (this.title?.end) {
      case undefined:
      case 'cut':
        return endOfTrace.test(text);
      case 'banner':
        return banner.test(text) && this.banners > 1;
      case 'trace':
        return endOfTask.test(text);
      case 'panic':
        return endOfPanic.test(text);
      case 'open':
        return false;
    }
  }
}

/** The reports among lines that one task or processor printed, or among all lines where these don't say. */
export function reportBlocks(lines: readonly LogLine[]): ReportBlock[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  let heading: LogLine | undefined;

  for (const line of lines) {
    const { text } = line;
    const title = titleOf(text);
    const last = blocks.at(-1);
    if (isMarker(line)) {
      open = heading = undefined;
      continue;
    }
    if (banner.test(text) && open?.title?.end !== 'banner') {
      heading = line;
      continue;
    }
    if (title?.kind === 'panic' && last && followsFrom(text, last.title?.kind)) {
      open = last;
      open.panicked = true;
    } else if (cutHere.test(text) || (title && !open?.continuesWith(title, text))) {
      open = new Block();
      blocks.push(open);
      if (heading) open.add(heading);
    }
    heading = undefined;
    if (!open) continue;
    if (title && !open.title) {
      open.title = title;
      open.titleText = text;
    }
    open.add(line);
    if (open.endsWith(line)) open = undefined;
  }
  return blocks.flatMap(({ title, titleText, lines: own }) => (title ? [{ title, titleText, lines: own }] : []));
}
