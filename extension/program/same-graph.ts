// Whether two graphs are one function that at most moved within its file.
import type { FunctionGraph } from './graph.js';

/** True where the graphs differ in nothing but how far from the start of the file they stand. */
export function sameGraph(a: FunctionGraph, b: FunctionGraph): boolean {
  return a === b || same(a, b, b.span.start - a.span.start);
}

function same(a: unknown, b: unknown, by: number): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((part, index) => same(part, b[index], by));
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  if (typeof left.start === 'number' && typeof left.end === 'number') {
    return right.start === left.start + by && right.end === left.end + by;
  }
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => same(left[key], right[key], by));
}
