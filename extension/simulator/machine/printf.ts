// The kernel's printf formats (Documentation/core-api/printk-formats.rst), as far as a trace needs them.
import type { NextArgument, Value } from '../../kernel/intrinsics/machine.js';

const conversion = /%([-+ #0]*)(\d+|\*)?(?:\.(\d*|\*))?(hh|h|ll|l|z|t|j|L)?([diouxXcspn%])([A-Za-z0-9]*)/g;

/** Bits of an argument, by its length modifier; without one it is an int. */
const bitsOf: Readonly<Record<string, number>> = { hh: 8, h: 16, l: 64, ll: 64, L: 64, z: 64, t: 64, j: 64 };

/** The text of a format with its arguments; `%p`, with or without `0x` before it, is what `pointer` says. */
export function formatPrintf(
  format: string,
  next: NextArgument,
  textAt: (address: Value) => string,
  pointer: (address: Value) => string,
): string {
  return format
    .replaceAll('0x%p', '%p')
    .replace(
      conversion,
      (
        whole: string,
        flags: string,
        width: string | undefined,
        precision: string | undefined,
        length: string | undefined,
        kind: string,
        rest: string,
      ) => {
        if (kind === '%') return `%${rest}`;
        if (width === '*') width = String(next(4));
        if (precision === '*') precision = String(next(4));
        const value = next(kind === 's' || kind === 'p' || kind === 'n' || bitsOf[length ?? ''] === 64 ? 8 : 4);
        const known = typeof value === 'bigint' || !Number.isNaN(value);
        let text: string;
        let tail = rest;
        switch (kind) {
          case 's':
            text = (value === 0 ? '(null)' : textAt(value)).slice(0, precision === undefined ? undefined : Number(precision));
            break;
          case 'c':
            text = String.fromCharCode(Number(value));
            break;
          case 'p':
            text = known ? pointer(value) : '?';
            if (/^[a-zA-Z]$/.test(rest[0] ?? '')) tail = '';
            break;
          case 'n':
            return whole;
          default:
            text = known ? integerText(BigInt(value), kind, flags, bitsOf[length ?? ''] ?? 32, Number(precision ?? 1)) : '?';
        }
        const size = Number(width ?? 0);
        if (flags.includes('-')) return text.padEnd(size) + tail;
        return (flags.includes('0') && kind !== 's' && precision === undefined ? zeroes(text, size) : text.padStart(size)) + tail;
      },
    );
}

function integerText(value: bigint, kind: string, flags: string, bits: number, digits: number): string {
  const signed = kind === 'd' || kind === 'i';
  const number = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  const base = kind === 'o' ? 8 : kind === 'x' || kind === 'X' ? 16 : 10;
  const plain = (number < 0n ? -number : number).toString(base).padStart(digits, '0');
  const text = kind === 'X' ? plain.toUpperCase() : plain;
  if (base === 16 && flags.includes('#') && number !== 0n) return `0${kind}${text}`;
  if (base === 8 && flags.includes('#') && !text.startsWith('0')) return `0${text}`;
  const sign = number < 0n ? '-' : !signed ? '' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return sign + text;
}

/** Filled with zeroes behind its sign or its `0x`. */
function zeroes(text: string, size: number): string {
  const [head = ''] = /^([-+ ]|0[xX])?/.exec(text) ?? [];
  return head + text.slice(head.length).padStart(size - head.length, '0');
}
