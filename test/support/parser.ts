// The parser for tests, with the wasm of this checkout.
import { resolve } from 'node:path';
import type { PreprocessorOptions } from '../../extension/syntax/preprocessor.js';
import { SyntaxParser } from '../../extension/syntax/parser.js';

const root = resolve(import.meta.dirname, '../..');

/** A parser of its own; the caller disposes it. */
export function createParser(): Promise<SyntaxParser> {
  return SyntaxParser.create({
    runtime: resolve(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    grammar: resolve(root, process.env['KERNEL_C_WASM'] ?? 'grammars/kernel-c/kernel-c.wasm'),
  });
}

/** Every option is on. */
export const allOptions: PreprocessorOptions = { option: () => true };
