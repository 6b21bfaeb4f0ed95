// What kmemleak reports, as /sys/kernel/debug/kmemleak gives it (mm/kmemleak.c, print_unreferenced()).
import { belowMachinery, frameOf } from './call-trace.js';
import { nowhere, type Belonging } from './guest-markers.js';
import { reportId, type LogReport } from './kernel-log.js';

const heading = /^unreferenced object(?: \(percpu\))? 0x[0-9a-f]+ \((size \d+)\):$/;

/**
 * One report for each unreferenced object; `line` counts in `text`. Text before the first object is left out.
 *
 * @param belongs whose leaks these are; objects are found by a scan, long after what left them
 */
export function readLeaks(text: string, belongs: Belonging = nowhere): LogReport[] {
  const objects: { line: number; lines: string[]; size: string }[] = [];
  for (const [line, raw] of text.split('\n').entries()) {
    const whole = raw.replace(/\r+$/, '');
    const size = heading.exec(whole)?.[1];
    if (size !== undefined) objects.push({ line, lines: [whole], size });
    else if (whole !== '') objects.at(-1)?.lines.push(whole);
  }
  return objects.map(({ line, lines, size }) => {
    const frames = lines.flatMap((each) => frameOf(each) ?? []);
    const title = `unreferenced object (${size})`;
    return {
      kind: 'kmemleak',
      title,
      id: reportId('kmemleak', title, { frames, related: [] }),
      frames: belowMachinery(frames),
      related: [],
      text: lines.join('\n'),
      seconds: null,
      line,
      operation: belongs.operation,
      belongs,
    };
  });
}

/** Whether a module left it: the canary's, since the guest loads no other. */
export function isLeakOfModule({ frames }: Pick<LogReport, 'frames'>): boolean {
  return frames.some(({ module }) => module !== null);
}
