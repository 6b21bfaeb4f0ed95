// Which run, operation and canary a line of the log belongs to, by what the guest leaves there (docs/guest-protocol.md).
import type { LogLine } from './log-lines.js';

export interface Belonging {
  /** The `id` of the run, -1 where none had begun. */
  readonly run: number;
  /** 0-based; -1 where none had begun. */
  readonly round: number;
  /** The operation that was under way, or the last that had ended before the next began; -1 in setup and teardown, before and after. */
  readonly operation: number;
  /** The canary since whose beginning nothing else has begun; null outside. */
  readonly canary: string | null;
}

export const nowhere: Belonging = { run: -1, round: -1, operation: -1, canary: null };

const marker = /^fuse-review: (begin|end|setup|teardown|canary)((?: \S+)*)$/;

export function isMarker(line: LogLine): boolean {
  return marker.test(line.text);
}

interface Open {
  readonly operation: number;
  readonly thread: string;
  readonly caller: string | null;
}

/**
 * What each line belongs to, by the line's index. Where operations run side by side, a line is of the one that its own task began, if lines
 * say their callers, and else of the one that began last.
 */
export function belongings(lines: readonly LogLine[]): Belonging[] {
  let around = nowhere;
  let open: Open[] = [];
  return lines.map((line) => {
    const [, what, rest = ''] = marker.exec(line.text) ?? [];
    const words = rest.split(' ').slice(1);
    if (what === 'canary') {
      open = [];
      around = { ...nowhere, canary: words.join(' ') };
    } else if (what !== undefined) {
      const [run, round, operation] = words.slice(0, 3).map(Number);
      if (!Number.isInteger(run) || !Number.isInteger(round)) return within(around, open, line);
      if (what === 'setup' || what === 'teardown') open = [];
      const next = { run: run ?? -1, round: round ?? -1, operation: -1, canary: null };
      if (operation !== undefined && Number.isInteger(operation) && (what === 'begin' || what === 'end')) {
        const thread = words[3] ?? '';
        open = open.filter((other) => other.thread !== thread);
        if (what === 'begin') open.push({ operation, thread, caller: line.caller });
        around = { ...next, operation };
      } else around = next;
    }
    return within(around, open, line);
  });
}

function within(around: Belonging, open: readonly Open[], line: LogLine): Belonging {
  const own = line.caller === null ? undefined : open.find(({ caller }) => caller === line.caller);
  const operation = (own ?? open.at(-1))?.operation;
  return operation === undefined ? around : { ...around, operation };
}
