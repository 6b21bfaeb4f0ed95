// The lines of a serial log without what printk() and the console put before the text.

export interface LogLine {
  /** 0-based, among the lines of the log. */
  readonly index: number;
  readonly text: string;
  /** By the kernel's clock, since boot; null without CONFIG_PRINTK_TIME. */
  readonly seconds: number | null;
  /** Who printed it: a task (`T71`) or a processor (`C0`); null without CONFIG_PRINTK_CALLER. */
  readonly caller: string | null;
}

// Firmware colours its greeting, and some terminals ask for their size.
// eslint-disable-next-line no-control-regex
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])/g;

/** A text without the sequences that colour a terminal. */
export function withoutEscapes(text: string): string {
  return text.replace(escapes, '');
}

// As print_prefix() of kernel/printk/printk.c writes it: a level (from /dev/kmsg and where the console shows it), a stamp, a caller.
const prefix = /^(?:<\d+>)?(?:\[ *(\d+\.\d+)\])?(?:\[ *([TC]\d+)\])? ?/;

/** All lines in their order. Lines end with LF, CR LF, or where the text is cut off; nothing is left out. */
export function logLines(log: string): LogLine[] {
  const lines = withoutEscapes(log).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, index) => {
    const whole = line.replace(/\r+$/, '');
    const found = prefix.exec(whole);
    const [all = '', seconds, caller] = found ?? [];
    // Without a stamp, a space at the beginning is the text's own.
    const stamped = seconds !== undefined || caller !== undefined;
    return {
      index,
      text: stamped ? whole.slice(all.length) : whole.replace(/^<\d+>/, ''),
      seconds: seconds === undefined ? null : Number(seconds),
      caller: caller ?? null,
    };
  });
}
