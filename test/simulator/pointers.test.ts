// Pointers to functions, to pointers and into arrays, in the ways that C has to write them, against gcc.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { answerOf } from './function-calls.js';
import { gccMissing, linesOfGcc } from './gcc.js';

const missing = gccMissing();

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

const text = `struct pair { int a, b; };
static struct pair *literal = &(struct pair){ 1, 2 };
static int add(int a, int b) { return a + b; }
static int multiply(int a, int b) { return a * b; }
static int (*function)(int, int) = add;
static int (**pointer)(int, int) = &function;
static int (*table[2])(int, int) = { add, multiply };
struct operations { int (*run)(int, int); int (**others)(int, int); };
static struct operations operations = { multiply, table };
static struct operations *reached = &operations;
static int list[3] = { 4, 5, 6 };
static int rows[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
static struct pair pairs[2] = { { 1, 2 }, { 3, 4 } };
static int *middle = &list[1];
`;

describe.skipIf(missing !== null)(`pointers${missing === null ? '' : ` (${missing})`}`, () => {
  test.each([
    'literal->a * 10 + literal->b',
    '(*function)(3, 4) * 10 + (***function)(1, 1)',
    '(*pointer)(3, 4) * 10 + (**pointer)(1, 1)',
    '(*&function)(3, 4) * 10 + (&add)(1, 1)',
    '(**add)(3, 4)',
    '(*table)(3, 4) * 100 + (*table[1])(3, 4) * 10 + (**table)(1, 1)',
    'operations.run(3, 4) * 100 + (*reached->run)(3, 4) * 10 + reached->others[1](2, 2)',
    '(*reached->others)(3, 4) + (**operations.others)(1, 1)',
    '1[list] * 10 + 0[middle]',
    '(-1)[middle] * 10 + middle[-1]',
    '1[rows][2] * 10 + 0[1[rows]]',
    '1[pairs].b * 10 + (0[pairs]).a',
    '&2[list] - middle',
  ])('%s', (e) => {
    expect(answerOf(parser, text, `return ${e};`)).toBe(linesOfGcc(text, `printf("%ld\\n", (long)(${e}));`)[0]);
  });
});
