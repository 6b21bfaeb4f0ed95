// Expressions that are worked out for what they do where nobody asks for their value.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { answerOf } from './function-calls.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

const text = `static int array[4];
static int length(int n, int a[n++], int m, int b[2][m += 2]) { return n * 10 + m; }
static int plain(int n, int a[n]) { return n; }
static int expected(int x) { int y = 1; if (__builtin_expect(x, y++)) return y * 10; return y; }
`;

test.each([
  ['the length of a parameter', 'return length(1, array, 1, (void *)array);', '23'],
  ['a length that does nothing', 'return plain(3, array);', '3'],
  ['what is expected of a condition', 'return expected(1) * 10 + expected(0);', '202'],
  ['what is expected of a value', 'int y = 1; long x = __builtin_expect(7, y += 2); return x * 10 + y;', '73'],
  ['likely() answers whether, not what', 'return likely(5) * 10 + unlikely(0) + (likely(array[0] == 0 && 1 < 2) ? 5 : 0);', '15'],
])('%s', (_what, body, answer) => {
  expect(answerOf(parser, text, body)).toBe(answer);
});
