// The call traces in the text of one report: that of the task that noticed, and those of what came before.
import { belowMachinery, frameOf, heldLock, type CallTrace, type LogFrame } from './call-trace.js';

export interface ReportTraces {
  /** Of the task that it was noticed in, innermost first, with the detector's own frames. */
  readonly frames: readonly LogFrame[];
  readonly related: readonly CallTrace[];
}

const begins = /^\s*Call Trace:/;
// Lines that end a call trace: empty ones, the end of the task's part, and the heading of the next.
const ends = /^\s*$|^\s*<\/TASK>|:$|^---\[/;
const holding = /^\s*\d+ locks? held by (.*):$/;
const registers = /^\s*(?:[A-Z][A-Z0-9]{1,2}|EFLAGS|ORIG_RAX|Code|CPU|Tainted|Modules linked in|Hardware name): ?/;

/** All call traces; frames before the first `Call Trace:` without a heading (`RIP:`) are of the first. */
export function reportTraces(lines: readonly string[]): ReportTraces {
  const main: LogFrame[] = [];
  const related: { title: string; frames: LogFrame[] }[] = [];
  let into: LogFrame[] | undefined;
  let began = false;
  let heading = '';
  let holder = 'the task';

  const other = () => {
    const frames: LogFrame[] = [];
    related.push({ title: heading.trim().replace(/:$/, ''), frames });
    return frames;
  };

  for (const line of lines) {
    holder = holding.exec(line)?.[1] ?? holder;
    const held = heldLock(line, holder);
    const frame = frameOf(line);
    if (held) {
      related.push({ title: held.title, frames: [...held.frames] });
      into = undefined;
    } else if (begins.test(line)) {
      into = began ? other() : main;
      began = true;
    } else if (frame) {
      if (frame.exact && !began) into = main;
      into ??= other();
      into.push(frame);
    } else {
      if (ends.test(line)) into = undefined;
      if (line.trim() !== '' && !registers.test(line) && !/^\s*<\/?\w+>/.test(line)) heading = line;
    }
  }
  return { frames: main, related: related.map(({ title, frames }) => ({ title, frames: belowMachinery(frames) })) };
}
