// The parser for tests, with the wasm of this checkout.
import { resolve } from 'node:path';
import type { PreprocessorOptions } from '../../extension/syntax/preprocessor.js';
import { SyntaxParser } from '../../extension/syntax/parser.js';

const root = resolve(import.meta.dirname, '../..');

/** A parser of its own; the caller disposes it. */
export function createParser(): Promise<SyntaxParser> {
  return SyntaxParser.create({
    runtime: resolve(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    grammar: resolve(root, process.env.KERNEL_C_WASM ?? 'grammars/kernel-c/kernel-c.wasm'),
  });
}

/** Every option is on. */
export const allOptions: PreprocessorOptions = { option: () => true };

/** A copy of plain data without the spans, so that a test can say what code means without saying where it stands. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'span' && key !== 'nameSpan')
      .map(([key, part]) => [key, withoutSpans(part)]),
  );
}

/** Every part of plain data that says `kind: 'unknown'` of an expression, statement or declaration. */
export function unknownsIn(value: unknown): readonly { readonly text: string }[] {
  if (Array.isArray(value)) return value.flatMap(unknownsIn);
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(unknownsIn);
  return 'kind' in value && value.kind === 'unknown' && 'span' in value && 'text' in value
    ? [{ text: String(value.text) }, ...inside]
    : inside;
}
