// Declarations that moved within their file: their copies at the new place, and how to tell what they were.
import type { Declaration } from './ast.js';

interface Origin {
  readonly declaration: Declaration;
  /** How far the copy stands behind the original, in UTF-16 code units. */
  readonly by: number;
}

const origins = new WeakMap<Declaration, Origin>();

/**
 * A copy of a plain value in which every span (an object of just `start` and `end`) stands `by` code units further on.
 * Works for whatever is derived from one declaration: its AST, its graph.
 */
export function shiftSpans<T>(value: T, by: number): T {
  return copy(value, by) as T;
}

function copy(value: unknown, by: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list = new Array<unknown>(value.length);
    for (let at = 0; at < value.length; at++) list[at] = copy(value[at], by);
    return list;
  }
  const from = value as Record<string, unknown>;
  const { start, end } = from;
  if (typeof start === 'number' && typeof end === 'number') return { ...from, start: start + by, end: end + by };
  const to: Record<string, unknown> = {};
  for (const key in from) {
    const part = from[key];
    to[key] = typeof part === 'object' ? copy(part, by) : part;
  }
  return to;
}

/** The declaration at a place `by` code units further on; itself for 0. Its origin is remembered. */
export function shifted(declaration: Declaration, by: number): Declaration {
  if (by === 0) return declaration;
  const moved = shiftSpans(declaration, by);
  origins.set(moved, { declaration, by });
  return moved;
}

/**
 * The declaration that another is a moved copy of, and by how far; itself and 0 where it was read where it stands.
 * What was computed for the original holds for the copy, shifted: see `shiftSpans`.
 */
export function originOf(declaration: Declaration): Origin {
  return origins.get(declaration) ?? { declaration, by: 0 };
}
