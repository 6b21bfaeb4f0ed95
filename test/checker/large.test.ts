// Programs larger than anybody writes: the checker ends, and takes no more of the stack than for small ones.
import { beforeAll, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { checkSource } from '../support/check.js';
import { createParser } from '../support/parser.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

test('follows a chain of calls of any length, and a circle of them', () => {
  const chain = numbers(5000).map((at) => `static int f${at}(int a)\n{\n\treturn f${at + 1}(a);\n}\n`);
  expect(checkSource(parser, chain.join('')).notAnalysed).toEqual([]);
  const circle = numbers(3000).map((at) => `static int f${at}(int a)\n{\n\treturn f${(at + 1) % 3000}(a);\n}\n`);
  expect(checkSource(parser, circle.join('')).notAnalysed).toEqual([]);
});

test('ends in a switch of many cases', () => {
  const cases = numbers(10_000).map((at) => `\tcase ${at}:\n\t\tg();\n`);
  const { notAnalysed } = checkSource(parser, `int f(int a)\n{\n\tswitch (a) {\n${cases.join('')}\t}\n\treturn a;\n}\n`);
  expect(notAnalysed).toMatchObject([{ function: 'f', reason: 'more than 8000 states' }]);
});
