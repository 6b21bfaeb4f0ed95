// Lines of the kernel's trace buffer (Documentation/trace/ftrace.rst, "Output format").
import type { KernelEvent } from '../model/execution.js';

// ` init-1  [000] d..1.  12.345678: name: (function+0x0/0x10) field=value ...`
const line = /^\s*.+-\d+\s+\[\d+\]\s+\S+\s+(\d+\.\d+): (\w+):\s*(.*)$/;
const probed = /^\(\S+(?: <- \S+)?\)\s*/;
// Trace events of the tree say it as they like: `count=2`, `count: 2`, `opcode 14 (FUSE_OPEN)`, `ino 0x2c`.
const field = /([A-Za-z_]\w*)(?:[=:] ?("[^"]*"|\S+)| (-?(?:0x[\da-f]+|\d+)(?: \([A-Z]\w+\))?)(?!\S))/g;

/** What a line says, or null where it is no event: a heading, or that events were lost. */
export function parseEvent(text: string): KernelEvent | null {
  const [, seconds, name, rest] = line.exec(text) ?? [];
  if (seconds === undefined || name === undefined || rest === undefined) return null;
  const fields = [...rest.replace(probed, '').matchAll(field)].map(
    ([, key = '', value, number = '']) => [key, (value ?? number).replace(/,$/, '')] as const,
  );
  return { seconds: Number(seconds), name, fields: Object.fromEntries(fields) };
}
