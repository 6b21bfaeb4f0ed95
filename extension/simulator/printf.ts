// The kernel's printf formats (Documentation/core-api/printk-formats.rst), as far as a trace needs them.
import type { Value } from '../kernel/intrinsics/machine.js';

const conversion = /%([-+ #0]*)(\d+|\*)?(?:\.(\d+|\*))?(hh|h|ll|l|z|t|j|L)?([diouxXcspn%])([A-Za-z0-9]*)/g;

/** The text of a format with its arguments; `%p`, with or without `0x` before it, is what `pointer` says. */
export function formatPrintf(
  format: string,
  values: readonly Value[],
  textAt: (address: Value) => string,
  pointer: (address: Value) => string,
): string {
  let at = 0;
  const next = (): Value => values[at++] ?? NaN;
  return format
    .replaceAll('0x%p', '%p')
    .replace(conversion, (whole: string, flags: string, width: string | undefined, _precision, _length, kind: string, rest: string) => {
      if (kind === '%') return `%${rest}`;
      if (width === '*') width = String(next());
      const value = next();
      const known = typeof value === 'bigint' || !Number.isNaN(value);
      let text: string;
      let tail = rest;
      switch (kind) {
        case 's':
          text = value === 0 ? '(null)' : textAt(value);
          break;
        case 'c':
          text = String.fromCharCode(Number(value));
          break;
        case 'p':
          text = known ? pointer(value) : '?';
          if (/^[a-zA-Z]$/.test(rest[0] ?? '')) tail = '';
          break;
        case 'x':
        case 'X':
        case 'o':
          text = known
            ? BigInt.asUintN(typeof value === 'number' && value >= -0x80000000 ? 32 : 64, BigInt(value)).toString(kind === 'o' ? 8 : 16)
            : '?';
          if (value === 0 || Number(value) > 0xffffffff)
            text = known ? BigInt.asUintN(64, BigInt(value)).toString(kind === 'o' ? 8 : 16) : '?';
          if (kind !== 'o' && flags.includes('#')) text = `0x${text}`;
          break;
        case 'n':
          return whole;
        default:
          text = known ? String(value) : '?';
      }
      return text.padStart(Number(width ?? 0), flags.includes('0') && kind !== 's' ? '0' : ' ') + tail;
    });
}
