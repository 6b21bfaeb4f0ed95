// Strings in memory, byte by byte.
import type { Machine, Value } from './machine.js';
import { isIndeterminate, isTrue, plus } from './values.js';

/** No string of the kernel is longer; what goes on further has no end. */
const longest = 1 << 16;

/** A byte of memory, 0 to 255; 0 where it can't be read, which the machine has reported. */
export function byteAt(m: Machine, address: Value, offset: number): number {
  const value = m.load(plus(address, offset), 1, false);
  return isIndeterminate(value) ? 0 : Number(value);
}

/** Bytes before the terminating zero, at most `limit`. */
export function stringLength(m: Machine, address: Value, limit = longest): number {
  let length = 0;
  while (length < limit && byteAt(m, address, length) !== 0) length++;
  return length;
}

/** -1, 0 or 1, as unsigned bytes compare; a zero ends strings, so `limit` is the most that is read. */
export function compareBytes(
  m: Machine,
  a: Value,
  b: Value,
  limit: number,
  strings: boolean,
  fold = (byte: number): number => byte,
): number {
  for (let at = 0; at < limit; at++) {
    const [left, right] = [fold(byteAt(m, a, at)), fold(byteAt(m, b, at))];
    if (left !== right) return left < right ? -1 : 1;
    if (strings && left === 0) return 0;
  }
  return 0;
}

/** Compares zero-terminated strings, or their first `limit` bytes. */
export function compareStrings(m: Machine, a: Value, b: Value, limit = longest): number {
  return compareBytes(m, a, b, limit, true);
}

/** Writes characters (their low bytes) and a zero. */
export function writeString(m: Machine, address: Value, text: string): void {
  for (let at = 0; at < text.length; at++) m.store(plus(address, at), 1, text.charCodeAt(at) & 0xff);
  m.store(plus(address, text.length), 1, 0);
}

/** Offset of the first byte that is `byte`, within `limit` bytes; undefined where there is none. `strings`: a zero ends it. */
export function findByte(m: Machine, address: Value, byte: number, limit: number, strings: boolean): number | undefined {
  for (let at = 0; at < limit; at++) {
    const found = byteAt(m, address, at);
    if (found === (byte & 0xff)) return at;
    if (strings && found === 0) return undefined;
  }
  return undefined;
}

/** The address or NULL. */
export function addressOrNull(address: Value, offset: number | undefined): Value {
  return isTrue(address) && offset !== undefined ? plus(address, offset) : 0;
}
