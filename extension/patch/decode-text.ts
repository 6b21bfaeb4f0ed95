// Bytes to text, for files and patches whose encoding nobody states.

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes as UTF-8, or undefined where they are not valid UTF-8. A byte-order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A view of the bytes as a Node buffer, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * The bytes as UTF-8; lines that are not valid UTF-8 are read as Latin-1, and `latin1` is the first of
 * them (1-based). Line by line, so that a file and a patch to a part of it come out alike.
 */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly latin1?: number } {
  const whole = decodeUtf8(bytes);
  if (whole !== undefined) return { text: whole };
  const buffer = asBuffer(bytes);
  const lines: string[] = [];
  let latin1: number | undefined;
  for (let start = 0; start < buffer.length;) {
    const newline = buffer.indexOf(10, start);
    const end = newline < 0 ? buffer.length : newline + 1;
    const line = buffer.subarray(start, end);
    const utf8 = decodeUtf8(line);
    lines.push(utf8 ?? line.toString('latin1'));
    if (utf8 === undefined) latin1 ??= lines.length;
    start = end;
  }
  return latin1 === undefined ? { text: lines.join('') } : { text: lines.join(''), latin1 };
}

// What windows-1252 has where Latin-1 has control characters, from 0x80 on. Node 20 decodes it as Latin-1.
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/**
 * The bytes in a charset by its name in a mail, or undefined where nobody knows that name.
 * ISO 8859-1 is taken as it is written, not as windows-1252, so that it agrees with `decodeText`.
 */
export function decodeCharset(bytes: Uint8Array, charset: string): string | undefined {
  const label = charset.trim().toLowerCase();
  const latin1 = () => asBuffer(bytes).toString('latin1');
  if (/^(?:iso[-_]?8859-1|latin-?1)$/.test(label)) return latin1();
  if (/^(?:windows-|x-cp|cp)1252$/.test(label)) {
    return latin1().replace(/[\u0080-\u009f]/g, (char) => windows1252.charAt(char.charCodeAt(0) - 0x80));
  }
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The lines of a text, each with its line end; the last has none where the text does not end in one. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    lines.push(text.slice(start, end));
    start = end;
  }
  return lines;
}

/** How many line feeds the bytes hold. */
export function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
