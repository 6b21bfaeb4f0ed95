// Bytes and strings: lib/string.c, lib/vsprintf.c and lib/kstrtox.c, and random bytes, which are always the same.
import { argumentsFrom } from './variable-arguments.js';
import type { IntrinsicCall, IntrinsicTable, Machine, Value } from './machine.js';
import { addressOrNull, byteAt, compareBytes, compareStrings, findByte, stringLength, writeString } from './text.js';
import { converted, count, each, errno, given, int, joined, plus, type IntrinsicBody } from './values.js';

const endless = Infinity;

// ---- memory --------------------------------------------------------------------------------------------------------

const copies: IntrinsicBody = (m, call) => {
  if (count(call, 2) > 0) m.copy(given(call, 0), given(call, 1), count(call, 2));
  return given(call, 0);
};

const fills: IntrinsicBody = (m, call) => {
  if (count(call, 2) > 0) m.fill(given(call, 0), int(call, 1) & 0xff, count(call, 2));
  return given(call, 0);
};

const memory: IntrinsicTable = joined(
  each('memcpy memmove __builtin_memcpy __builtin_memmove', () => copies),
  each('memset __builtin_memset', () => fills),
  each('memzero_explicit', () => (m, call) => m.fill(given(call, 0), 0, count(call, 1))),
  each('memcmp bcmp __builtin_memcmp', () => (m, call) => compareBytes(m, given(call, 0), given(call, 1), count(call, 2), false)),
  each('memchr', () => (m, call) => addressOrNull(given(call, 0), findByte(m, given(call, 0), int(call, 1), count(call, 2), false))),
  {
    /** The first byte that differs, or NULL. */
    memchr_inv(m, call) {
      for (let at = 0; at < count(call, 2); at++)
        if (byteAt(m, given(call, 0), at) !== (int(call, 1) & 0xff)) return plus(given(call, 0), at);
      return 0;
    },
  },
);

// ---- strings -------------------------------------------------------------------------------------------------------

/** Bytes that a destination has room for: argument 2, or the array that argument 0 is. */
function room(m: Machine, call: IntrinsicCall): number {
  if (call.values.length > 2) return count(call, 2);
  const type = call.types[0];
  const size = type ? call.sizeOf(type) : undefined;
  if (size === undefined) m.assume('type', call.texts[0] ?? '', 'has room for the string');
  return size ?? endless;
}

/** The length, or -E2BIG where it was cut; always terminated. */
const copiesBounded = (padded: boolean): IntrinsicBody => {
  return (m, call) => {
    const [to, from, size] = [given(call, 0), given(call, 1), room(m, call)];
    if (size === 0) return -errno.E2BIG;
    const length = stringLength(m, from, Number.isFinite(size) ? size : undefined);
    const copied = Math.min(length, size - 1);
    if (copied > 0) m.copy(to, from, copied);
    m.fill(plus(to, copied), 0, padded && Number.isFinite(size) ? size - copied : 1);
    return length >= size ? -errno.E2BIG : length;
  };
};

const lower = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte);

/** `strstr(text, wanted)` */
function findString(m: Machine, text: Value, wanted: Value): Value {
  const length = stringLength(m, wanted);
  for (let at = 0; at + length <= stringLength(m, text); at++)
    if (compareBytes(m, plus(text, at), wanted, length, false) === 0) return plus(text, at);
  return 0;
}

/** `strsep(&text, separators)`: the token, which is cut off; NULL where there was nothing left. */
const separates: IntrinsicBody = (m, call) => {
  const text = m.load(given(call, 0), 8, true);
  if (text === 0) return 0;
  const separators = m.text(given(call, 1));
  const length = stringLength(m, text);
  for (let at = 0; at < length; at++) {
    if (!separators.includes(String.fromCharCode(byteAt(m, text, at)))) continue;
    m.store(plus(text, at), 1, 0);
    m.store(given(call, 0), 8, plus(text, at + 1));
    return text;
  }
  m.store(given(call, 0), 8, 0);
  return text;
};

const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

function skipSpaces(m: Machine, text: Value): Value {
  let at = 0;
  while (isSpace(byteAt(m, text, at))) at++;
  return plus(text, at);
}

/** Cuts spaces off at the end, and answers where the others have ended. */
const strips: IntrinsicBody = (m, call) => {
  const text = given(call, 0);
  let length = stringLength(m, text);
  const before = length;
  while (length > 0 && isSpace(byteAt(m, text, length - 1))) length--;
  if (length !== before) m.store(plus(text, length), 1, 0);
  return skipSpaces(m, text);
};

const strings: IntrinsicTable = joined(
  each('strlen __builtin_strlen', () => (m, call) => stringLength(m, given(call, 0))),
  each('strnlen', () => (m, call) => stringLength(m, given(call, 0), count(call, 1))),
  each('strcmp __builtin_strcmp', () => (m, call) => compareStrings(m, given(call, 0), given(call, 1))),
  each('strncmp', () => (m, call) => compareStrings(m, given(call, 0), given(call, 1), count(call, 2))),
  each('strcasecmp', () => (m, call) => compareBytes(m, given(call, 0), given(call, 1), 1 << 16, true, lower)),
  each('strncasecmp', () => (m, call) => compareBytes(m, given(call, 0), given(call, 1), count(call, 2), true, lower)),
  each('strscpy', () => copiesBounded(false)),
  each('strscpy_pad', () => copiesBounded(true)),
  {
    /** The length that it tried to make (removed in 6.8). */
    strlcpy(m, call) {
      const length = stringLength(m, given(call, 1));
      copiesBounded(false)(m, call);
      return length;
    },
    strcpy(m, call) {
      m.copy(given(call, 0), given(call, 1), stringLength(m, given(call, 1)) + 1);
      return given(call, 0);
    },
    /** Fills up with zeros; not terminated where there is no room. */
    strncpy(m, call) {
      const length = stringLength(m, given(call, 1), count(call, 2));
      if (length > 0) m.copy(given(call, 0), given(call, 1), length);
      if (length < count(call, 2)) m.fill(plus(given(call, 0), length), 0, count(call, 2) - length);
      return given(call, 0);
    },
    strcat(m, call) {
      m.copy(plus(given(call, 0), stringLength(m, given(call, 0))), given(call, 1), stringLength(m, given(call, 1)) + 1);
      return given(call, 0);
    },
    strchr: (m, call) => addressOrNull(given(call, 0), findByte(m, given(call, 0), int(call, 1), 1 << 16, true)),
    strnchr: (m, call) => addressOrNull(given(call, 0), findByte(m, given(call, 0), int(call, 2), count(call, 1), true)),
    strrchr(m, call) {
      for (let at = stringLength(m, given(call, 0)); at >= 0; at--)
        if (byteAt(m, given(call, 0), at) === (int(call, 1) & 0xff)) return plus(given(call, 0), at);
      return 0;
    },
    strstr: (m, call) => findString(m, given(call, 0), given(call, 1)),
    strsep: separates,
    skip_spaces: (m, call) => skipSpaces(m, given(call, 0)),
    strstarts: (m, call) => (compareStrings(m, given(call, 0), given(call, 1), stringLength(m, given(call, 1))) === 0 ? 1 : 0),
  },
  each('strim strstrip', () => strips),
);

// ---- formats and numbers -------------------------------------------------------------------------------------------

/** `snprintf(to, size, format, ...)`: the length that it has or, for scnprintf(), that fitted. `listed`: `vsnprintf()`. */
const formats = (fitted: boolean, listed: boolean): IntrinsicBody => {
  return (m, call) => {
    const [to, size] = [given(call, 0), count(call, 1)];
    const text = m.format(m.text(given(call, 2)), argumentsFrom(m, call, 3, listed));
    if (size > 0) writeString(m, to, text.slice(0, size - 1));
    return fitted ? Math.max(0, Math.min(text.length, size - 1)) : text.length;
  };
};

/** Bits, sign and place of the result: `kstrtouint(text, base, &result)`, `kstrtobool(text, &result)`. */
const widths: Readonly<Record<string, readonly [bits: 8 | 16 | 32 | 64, signed: boolean]>> = {
  kstrtou8: [8, false],
  kstrtos8: [8, true],
  kstrtou16: [16, false],
  kstrtos16: [16, true],
  kstrtouint: [32, false],
  kstrtou32: [32, false],
  kstrtoint: [32, true],
  kstrtos32: [32, true],
  kstrtoul: [64, false],
  kstrtoull: [64, false],
  kstrtou64: [64, false],
  kstrtol: [64, true],
  kstrtoll: [64, true],
  kstrtos64: [64, true],
};

/** A number as kstrtox.c reads it: a sign where the type has one, 0x and 0 as prefixes, one newline at the end. */
function parsed(text: string, base: number): bigint | undefined {
  const [, sign = '', digits = ''] = /^([+-]?)(0[xX][0-9a-fA-F]+|[0-9a-fA-F]+)\n?$/.exec(text) ?? [];
  const hexadecimal = /^0[xX]/.test(digits) && (base === 0 || base === 16);
  const radix = base !== 0 ? base : hexadecimal ? 16 : digits.startsWith('0') ? 8 : 10;
  const plain = hexadecimal ? digits.slice(2) : digits;
  if (plain === '') return undefined;
  let value = 0n;
  for (const each of plain) {
    const digit = Number.parseInt(each, 16);
    if (!(digit < radix)) return undefined;
    value = value * BigInt(radix) + BigInt(digit);
  }
  return sign === '-' ? -value : value;
}

const reads = (name: string): IntrinsicBody => {
  const [bits, signed] = widths[name] ?? [64, true];
  return (m, call) => {
    const text = m.text(given(call, 0));
    const value = parsed(text, int(call, 1));
    if (value === undefined || (!signed && text.startsWith('-'))) return -errno.EINVAL;
    if ((signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) !== value) return -errno.ERANGE;
    const bytes = bits === 8 ? 1 : bits === 16 ? 2 : bits === 32 ? 4 : 8;
    m.store(given(call, 2), bytes, converted(value, bits, signed));
    return 0;
  };
};

const numbers: IntrinsicTable = joined(
  each('snprintf vsnprintf', (name) => formats(false, name.startsWith('v'))),
  each('scnprintf vscnprintf', (name) => formats(true, name.startsWith('v'))),
  each('sprintf vsprintf', (name) => (m, call) => {
    const text = m.format(m.text(given(call, 1)), argumentsFrom(m, call, 2, name.startsWith('v')));
    writeString(m, given(call, 0), text);
    return text.length;
  }),
  {
    /** `sysfs_emit(page, format, ...)`: at most a page. */
    sysfs_emit(m, call) {
      const text = m.format(m.text(given(call, 1)), argumentsFrom(m, call, 2, false)).slice(0, 4095);
      writeString(m, given(call, 0), text);
      return text.length;
    },
    kstrtobool(m, call) {
      const word = m.text(given(call, 0)).toLowerCase();
      const yes = /^([yt1]|on)/.test(word);
      if (!yes && !/^([nf0]|of)/.test(word)) return -errno.EINVAL;
      m.store(given(call, 1), 1, yes ? 1 : 0);
      return 0;
    },
  },
  ...Object.keys(widths).map((name) => ({ [name]: reads(name) })),
);

// ---- random --------------------------------------------------------------------------------------------------------

const randomByte = 0x5a;

function sameEveryTime(m: Machine, name: string): void {
  m.assume('callee', name, 'gives the same bytes every time');
}

const random: IntrinsicTable = joined(
  each('get_random_bytes get_random_bytes_wait', (name) => (m, call) => {
    sameEveryTime(m, name);
    if (count(call, 1) > 0) m.fill(given(call, 0), randomByte, count(call, 1));
    return 0;
  }),
  each('get_random_u8 get_random_u16 get_random_u32 get_random_u64 get_random_long', (name) => (m) => {
    sameEveryTime(m, name);
    const bytes = name.endsWith('u8') ? 1 : name.endsWith('u16') ? 2 : name.endsWith('u32') ? 4 : 8;
    return converted(BigInt(`0x${randomByte.toString(16).repeat(bytes)}`), 64, false);
  }),
);

/** Memory, strings, numbers in strings, and random bytes. */
export const bytes = joined(memory, strings, numbers, random);
