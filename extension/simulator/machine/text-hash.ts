// Hashes of texts that come again and again, such as the keys of state that C doesn't see (FNV-1a, by UTF-16 units).

const hashes = new Map<string, number>();

/** 32 bits, as a signed number. */
export function hashOf(text: string): number {
  let known = hashes.get(text);
  if (known === undefined) {
    known = 0x811c9dc5;
    for (let at = 0; at < text.length; at++) known = Math.imul(known ^ text.charCodeAt(at), 0x01000193);
    hashes.set(text, known);
  }
  return known;
}
