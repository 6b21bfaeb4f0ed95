// What a kernel's log complains of: text to reports. Where the frames are in the source is for symbols.ts.
import type { KernelReport } from '../model/execution.js';
import { belowMachinery, telling, type CallTrace, type LogFrame } from './call-trace.js';
import { belongings, nowhere, type Belonging } from './guest-markers.js';
import { logLines, type LogLine } from './log-lines.js';
import { reportBlocks, type ReportBlock } from './report-blocks.js';
import { lastingTitle, shownTitle } from './report-titles.js';
import { reportTraces, type ReportTraces } from './report-traces.js';

/** A report as the log tells it: all its frames' places are null. `operation` is that of `belongs`. */
export interface LogReport extends KernelReport {
  readonly frames: readonly LogFrame[];
  readonly related: readonly CallTrace[];
  readonly belongs: Belonging;
}

/** A failure that the kernel was told to have. */
export interface LoggedFault {
  /** What failed: `failslab`, `fail_usercopy`; empty where the line that says so is cut off. */
  readonly name: string;
  /** Who asked, innermost first. */
  readonly frames: readonly LogFrame[];
  readonly belongs: Belonging;
  /** 0-based, in the log. */
  readonly line: number;
}

/** A line by which something that watches says that it no longer does, or by which the log says that lines are missing. */
export interface Blindness {
  readonly text: string;
}

export interface KernelLog {
  /** In the order of their first lines; all of them, also those of canaries and those that repeat. */
  readonly reports: readonly LogReport[];
  readonly faults: readonly LoggedFault[];
  /** Outside canaries, and where no report came before: a report of KASAN or lockdep turns lockdep off. */
  readonly blind: readonly Blindness[];
}

// kernel/printk/printk.c, kernel/locking/lockdep.c, mm/kmemleak.c, lib/debugobjects.c.
const blinding =
  /^\*\* \d+ printk messages dropped \*\*|^Disabling lock debugging due to kernel taint|turning off the locking correctness validator|^(?:kmemleak: )?(?:Kernel memory leak detector disabled|Memory pool empty|Cannot allocate a kmemleak_object)|^ODEBUG: Out of memory/;

/**
 * Reads a serial log, also one that is cut off or that other lines are mixed into. Where lines say their callers (CONFIG_PRINTK_CALLER), what
 * tasks print at the same time is told apart by them.
 *
 * @param root the tree that the kernel was built from, to write files below it as the tree does
 */
export function readKernelLog(log: string, root?: string): KernelLog {
  const lines = logLines(root === undefined ? log : log.replaceAll(`${root.replace(/\/+$/, '')}/`, ''));
  const belongs = belongings(lines);
  const of = ([first]: readonly LogLine[]) => (first && belongs[first.index]) ?? nowhere;
  const blocks = byCaller(lines)
    .flatMap(reportBlocks)
    .sort((a, b) => firstLine(a) - firstLine(b));
  const reports = joinCrashes(blocks.filter(({ title }) => title.kind !== 'fault').map((block) => report(block, of(block.lines))));
  const firstReport = reports.find((each) => each.belongs.canary === null)?.line ?? Infinity;
  return {
    reports,
    faults: blocks.filter(({ title }) => title.kind === 'fault').map((block) => fault(block, of(block.lines))),
    blind: lines
      .filter(({ text, index }) => blinding.test(text) && index < firstReport && belongs[index]?.canary === null)
      .map(({ text }) => ({ text })),
  };
}

/** Each different report once, the first of each. */
export function distinctReports<R extends KernelReport>(reports: readonly R[]): R[] {
  const seen = new Set<string>();
  return reports.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** Streams of lines that can't be mixed into each other; the guest's marks cut each of them. */
function byCaller(lines: readonly LogLine[]): LogLine[][] {
  const streams = new Map<string | null, LogLine[]>();
  for (const line of lines) {
    const stream = streams.get(line.caller);
    if (stream) stream.push(line);
    else streams.set(line.caller, [line]);
  }
  return [...streams.values()];
}

const firstLine = ({ lines }: ReportBlock): number => lines[0]?.index ?? 0;

function report(block: ReportBlock, belongs: Belonging): LogReport {
  const { title, titleText, lines } = block;
  const kind = title.kind === 'fault' ? 'warning' : title.kind;
  const texts = lines.map(({ text }) => text);
  const { frames, related } = reportTraces(texts);
  const said = shownTitle(title, titleText);
  const at = title.at ? frames.find(({ exact }) => exact) : undefined;
  const full = at ? `${said} in ${written(at)}` : said;
  return {
    kind,
    title: full,
    id: reportId(kind, full, { frames, related }),
    frames: belowMachinery(frames),
    related,
    text: texts.join('\n'),
    seconds: lines.find(({ seconds }) => seconds !== null)?.seconds ?? null,
    line: firstLine(block),
    operation: belongs.operation,
    belongs,
  };
}

function written({ function: name, offset, size, module }: LogFrame): string {
  const where = offset === null || size === null ? '' : `+0x${offset.toString(16)}/0x${size.toString(16)}`;
  return `${name}${where}${module === null ? '' : ` [${module}]`}`;
}

/** Kind, title and the first functions, without what shifts; locks held, where nothing was running. */
export function reportId(kind: string, title: string, { frames, related }: ReportTraces): string {
  const own = telling(frames, 3);
  const functions = own.length > 0 ? own : related.flatMap((trace) => telling(trace.frames, 1)).slice(0, 3);
  return [`${kind}: ${lastingTitle(title)}`, ...functions].join(' < ');
}

function fault({ lines }: ReportBlock, belongs: Belonging): LoggedFault {
  const named = lines.flatMap(({ text }) => /^name ([^\s,]+),/.exec(text)?.[1] ?? []);
  const { frames } = reportTraces(lines.map(({ text }) => text));
  return { name: named[0] ?? '', frames: belowMachinery(frames), belongs, line: lines[0]?.index ?? 0 };
}

const instruction = / in (\S+\+0x[0-9a-f]+\/0x[0-9a-f]+)/;

/** KASAN reports a bad address, then the processor faults on it: one splat, told as the first. */
function joinCrashes(reports: readonly LogReport[]): LogReport[] {
  const joined: LogReport[] = [];
  for (const each of reports) {
    const before = joined.at(-1);
    const at = instruction.exec(each.title)?.[1];
    const same = before?.kind === 'kasan' && each.kind === 'oops' && at !== undefined && instruction.exec(before.title)?.[1] === at;
    if (same && before.belongs === each.belongs) {
      const crash = { title: each.title, frames: each.frames };
      joined[joined.length - 1] = { ...before, related: [...before.related, crash, ...each.related], text: `${before.text}\n${each.text}` };
    } else joined.push(each);
  }
  return joined;
}
