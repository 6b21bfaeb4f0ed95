// Ids of findings: the same flaw keeps its id while lines shift, code above it grows, or its function moves to another file.
import type { RuleId } from '../model/finding.js';
import type { Facts } from './violation.js';

/** FNV-1a over UTF-16 code units, 48 bits (http://www.isthe.com/chongo/tech/comp/fnv/): 12 hexadecimal digits. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  return BigInt.asUintN(48, value ^ (value >> 48n))
    .toString(16)
    .padStart(12, '0');
}

/** Hands out the ids of one result; equal findings of one function are numbered in source order. */
export class Identities {
  private readonly used = new Map<string, number>();

  /** 12 hexadecimal digits, with `-2`, `-3`, ... for the second and later of the same. Facts are compared by name, in any order. */
  next(rule: RuleId, functionName: string, facts: Facts): string {
    const about = Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
    const id = hash(JSON.stringify([rule, functionName, about]));
    const count = (this.used.get(id) ?? 0) + 1;
    this.used.set(id, count);
    return count === 1 ? id : `${id}-${count}`;
  }
}
