// What literals of C mean: numbers, characters, strings.

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

/** The bytes of the inside of a character or string literal, escapes resolved; what is no ASCII is UTF-8, as the kernel's files are. */
function codes(inside: string): readonly number[] {
  const result: number[] = [];
  const pattern = /\\x([0-9a-fA-F]+)|\\([0-7]{1,3})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\\r?\n|\\([^])|([^\\])/gu;
  for (const match of inside.matchAll(pattern)) {
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

/** The value of a character literal as written; several characters make one number, as GCC does it. */
export function characterLiteral(text: string): bigint {
  const inside = text.slice(text.indexOf("'") + 1, -1);
  return codes(inside).reduce((value, code) => (value << 8n) | BigInt(code), 0n) & 0xffffffffn;
}

/**
 * The bytes of a string as written, a character each, escapes resolved; adjacent literals are joined. Names between them are macros
 * (`KERN_INFO`, `PRIu64`) and add nothing.
 */
export function stringValue(text: string): string {
  const parts = text.matchAll(/"((?:\\[^]|[^"\\])*)"/g);
  return Array.from(parts, ([, inside = '']) =>
    /[^\x20-\x5b\x5d-\x7e]/.test(inside)
      ? codes(inside)
          .map((byte) => String.fromCharCode(byte))
          .join('')
      : inside,
  ).join('');
}
