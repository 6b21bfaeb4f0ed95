// What literals of C mean: numbers, characters, strings.
import type { CType } from './ast.js';

/** A number as written, without a sign; null where it is no integer. */
export function integerLiteral(text: string): { value: bigint; unsigned: boolean; long: boolean } | null {
  const match = /^(0[xX][0-9a-fA-F']+|0[bB][01']+|[0-9][0-9']*)([uUlLzZ]*)$/.exec(text);
  if (match === null) return null;
  const digits = (match[1] ?? '').replaceAll("'", '');
  const suffix = (match[2] ?? '').toLowerCase();
  const octal = /^0[0-7]+$/.test(digits);
  if (!octal && /^0[0-9]+$/.test(digits)) return null;
  return {
    value: BigInt(octal ? `0o${digits.slice(1)}` : digits),
    unsigned: suffix.includes('u'),
    long: suffix.includes('l') || suffix.includes('z'),
  };
}

const simpleEscapes: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

const utf8 = new TextEncoder();

const escaped = /\\x([0-9a-fA-F]+)|\\([0-7]{1,3})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\\r?\n|\\([^])|([^\\])/gu;
const literal = /(u8|[LuU])?"((?:\\[^]|[^"\\])*)"/g;

/** The bytes of the inside of a character or string literal, escapes resolved; what is no ASCII is UTF-8, as the kernel's files are. */
function codes(inside: string): readonly number[] {
  const result: number[] = [];
  for (const match of inside.matchAll(escaped)) {
    const [, hex, octal, short, long, simple, plain] = match;
    if (hex !== undefined) result.push(parseInt(hex, 16) & 0xff);
    else if (octal !== undefined) result.push(parseInt(octal, 8) & 0xff);
    else if (short !== undefined || long !== undefined)
      result.push(...utf8.encode(String.fromCodePoint(Math.min(parseInt(short ?? long ?? '0', 16), 0x10ffff))));
    else if (simple !== undefined) {
      const code = simpleEscapes[simple];
      result.push(...(code === undefined ? utf8.encode(simple) : [code]));
    } else if (plain !== undefined) result.push(...utf8.encode(plain));
  }
  return result;
}

type Unit = Extract<CType, { kind: 'integer' }>;

/** What a prefix makes of characters: of none bytes in UTF-8. */
const units: Readonly<Record<string, Unit>> = {
  L: { kind: 'integer', bits: 32, signed: true },
  u: { kind: 'integer', bits: 16, signed: false },
  U: { kind: 'integer', bits: 32, signed: false },
};
const byte: Unit = { kind: 'integer', bits: 8, signed: false, own: 'char' };

/** The value and the type of a character literal as written (C11 6.4.4.4); several characters make one int, as gcc does it. */
export function characterLiteral(text: string): { readonly value: bigint; readonly type: Unit } {
  const open = text.indexOf("'");
  const inside = text.slice(open + 1, -1);
  const wide = units[text.slice(0, open)];
  if (wide) {
    const value = BigInt(wideCodes(inside, wide.bits).at(-1) ?? 0);
    return { value: wide.signed ? BigInt.asIntN(wide.bits, value) : value, type: wide };
  }
  const value = codes(inside).reduce((sum, code) => (sum << 8n) | BigInt(code), 0n);
  return { value: BigInt.asIntN(32, value), type: { kind: 'integer', bits: 32, signed: true } };
}

/** The units of the inside of a wide literal: code points, of 16 bits in UTF-16. */
function wideCodes(inside: string, bits: number): readonly number[] {
  const result: number[] = [];
  for (const match of inside.matchAll(escaped)) {
    const [, hex, octal, short, long, simple, plain] = match;
    const stated = hex !== undefined ? parseInt(hex, 16) : octal !== undefined ? parseInt(octal, 8) : undefined;
    if (stated !== undefined) {
      result.push(Number(BigInt.asUintN(bits, BigInt(stated))));
      continue;
    }
    const named = short ?? long;
    const character = named !== undefined ? String.fromCodePoint(Math.min(parseInt(named, 16), 0x10ffff)) : (simple ?? plain);
    if (character === undefined) continue;
    const escape = simple === undefined ? undefined : simpleEscapes[simple];
    if (escape !== undefined) result.push(escape);
    else if (bits === 16) for (let at = 0; at < character.length; at++) result.push(character.charCodeAt(at));
    else result.push(character.codePointAt(0) ?? 0);
  }
  return result;
}

/** The type of a string's elements: that of the first prefix among literals beside each other (C11 6.4.5). */
export function stringUnit(text: string): Unit {
  for (const [, prefix = ''] of text.matchAll(literal)) if (units[prefix]) return units[prefix];
  return byte;
}

/**
 * The bytes of a string as written without the end, a character each, escapes resolved; adjacent literals are joined. Names between
 * them are macros (`KERN_INFO`, `PRIu64`) and add nothing.
 */
export function stringValue(text: string): string {
  const { bits } = stringUnit(text);
  return Array.from(text.matchAll(literal), ([, , inside = '']) => {
    if (bits > 8)
      return wideCodes(inside, bits)
        .map((code) => bytesOf(code, bits))
        .join('');
    if (!/[^\x20-\x5b\x5d-\x7e]/.test(inside)) return inside;
    return codes(inside)
      .map((code) => String.fromCharCode(code))
      .join('');
  }).join('');
}

/** The elements of a string, its end among them. */
export function stringLength(text: string): number {
  return stringValue(text).length / (stringUnit(text).bits / 8) + 1;
}

function bytesOf(code: number, bits: number): string {
  return String.fromCharCode(...Array.from({ length: bits / 8 }, (_, at) => (code >>> (8 * at)) & 0xff));
}
