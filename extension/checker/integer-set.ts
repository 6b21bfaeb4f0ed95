// Sets of integers as sorted, disjoint, closed ranges: what is known of a value on one path.
import { any, maximum, none, type IntegerSet } from '../kernel/contract.js';
import type { BinaryOperator } from '../syntax/ast.js';

export type Comparison = Extract<BinaryOperator, '==' | '!=' | '<' | '>' | '<=' | '>='>;

export function intersect(a: IntegerSet, b: IntegerSet): IntegerSet {
  if (a === any) return b;
  if (b === any) return a;
  const result: [number, number][] = [];
  for (const [aLow, aHigh] of a) {
    for (const [bLow, bHigh] of b) {
      const low = Math.max(aLow, bLow);
      const high = Math.min(aHigh, bHigh);
      if (low <= high) result.push([low, high]);
    }
  }
  return result;
}

export function union(a: IntegerSet, b: IntegerSet): IntegerSet {
  const ranges = [...a, ...b].sort((x, y) => x[0] - y[0]);
  const result: [number, number][] = [];
  for (const [low, high] of ranges) {
    const last = result[result.length - 1];
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else result.push([low, high]);
  }
  return result;
}

export function complement(set: IntegerSet): IntegerSet {
  const result: [number, number][] = [];
  let next = -maximum;
  for (const [low, high] of set) {
    if (next < low) result.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= maximum) result.push([next, maximum]);
  return result;
}

export function only(value: number): IntegerSet {
  return [[value, value]];
}

export function isEmpty(set: IntegerSet): boolean {
  return set.length === 0;
}

/** The one member of a set of one, else undefined. */
export function single(set: IntegerSet): number | undefined {
  const [first] = set;
  return set.length === 1 && first !== undefined && first[0] === first[1] ? first[0] : undefined;
}

export function contains(set: IntegerSet, value: number): boolean {
  return set.some(([low, high]) => low <= value && value <= high);
}

export function isSubset(a: IntegerSet, b: IntegerSet): boolean {
  return a.every(([low, high]) => b.some(([bLow, bHigh]) => bLow <= low && high <= bHigh));
}

export function overlaps(a: IntegerSet, b: IntegerSet): boolean {
  return !isEmpty(intersect(a, b));
}

/** All x for which `x operator right` holds for at least one member of `right`. */
export function satisfying(operator: Comparison, right: IntegerSet): IntegerSet {
  const first = right[0];
  const last = right[right.length - 1];
  if (first === undefined || last === undefined) return none;
  const range = (low: number, high: number): IntegerSet => (low <= high ? [[Math.max(low, -maximum), Math.min(high, maximum)]] : none);
  switch (operator) {
    case '==':
      return right;
    case '!=': {
      const value = single(right);
      return value === undefined ? any : complement(right);
    }
    case '<':
      return range(-maximum, last[1] - 1);
    case '<=':
      return range(-maximum, last[1]);
    case '>':
      return range(first[0] + 1, maximum);
    case '>=':
      return range(first[0], maximum);
  }
}

export const negated: Readonly<Record<Comparison, Comparison>> = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };
export const mirrored: Readonly<Record<Comparison, Comparison>> = { '==': '==', '!=': '!=', '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** `any` as `any`, others as `-17|0..3`; for state keys and messages. */
export function formatSet(set: IntegerSet): string {
  let known = formatted.get(set);
  if (known === undefined) {
    known = set.map(([low, high]) => (low === high ? `${low}` : `${low}..${high}`)).join('|');
    formatted.set(set, known);
  }
  return known;
}

/** Sets are never changed, and told over and over again. */
const formatted = new WeakMap<IntegerSet, string>();
