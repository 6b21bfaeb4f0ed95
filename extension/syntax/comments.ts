// Comments of a C text, found without the parser.
import type { SourceUnit } from './ast.js';

/** A comment, or a literal that may hold what looks like one. */
const pattern = /\/\*[^]*?(?:\*\/|$)|\/\/(?:\\\r?\n|[^\n])*|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'/g;

/** The comments of a text in order, each as written. */
export function findComments(text: string): SourceUnit['comments'] {
  const found: { span: { start: number; end: number }; text: string }[] = [];
  for (const match of text.matchAll(pattern)) {
    const [whole] = match;
    if (whole.startsWith('/')) found.push({ span: { start: match.index, end: match.index + whole.length }, text: whole });
  }
  return found;
}
