// A name that a file defines several times as a macro means, at each place, what was defined last before it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kernelLoader } from '../../extension/kernel/loader.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { memoryTree } from '../support/memory-tree.js';
import { createParser } from '../support/parser.js';
import { Calls } from './function-calls.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

const text = `#define Y (X + 1)
#define X 1
static int a = X;
int first(void) { return X * 10 + Y; }
#undef X
#define X 2
static int b = X;
int second(void) { switch (2) { case X: return Y; } return 0; }
#pragma push_macro("X")
#undef X
#define X 3
int third(void) { return X; }
#pragma pop_macro("X")
int fourth(void) { return X; }
#define LIST(F) F(1) F(2)
#define F(n) + n
int sum(void) { return 0 LIST(F); }
#undef F
#define F(n) * (n + 1)
int product(void) { return 1 LIST(F); }
int all(void) { return a * 10 + b; }
#define SAME 4
#define SAME 4
static int list[SAME], of[X];
int length(void) { return sizeof(list) / sizeof(list[0]); }
int untold(void) { return sizeof(of); }
int twice(int n)
{
#define G(n) (n)
	n += G(1);
#undef G
#define G(n) (n * 10)
	return n + G(1);
}
`;

const calls = (source: string): Calls =>
  new Calls(kernelLoader(parser).load(memoryTree({ 'fs/test/test.c': source }), { folder: 'fs/test', config: new Map() }));

test.each([
  ['first', 12],
  ['second', 3],
  ['third', 3],
  ['fourth', 2],
  ['sum', 3],
  ['product', 6],
  ['all', 12],
  ['length', 4],
])('%s', (name, answer) => {
  expect(calls(text).call(name, [])).toBe(answer);
});

test('a size that hangs on one is said', () => {
  expect(String(calls(text).call('untold', []))).toContain("whose length can't be worked out");
});

test('a function within which one is defined several times is not analysed', () => {
  const program = kernelLoader(parser).load(memoryTree({ 'fs/test/test.c': text }), { folder: 'fs/test', config: new Map() });
  expect(program.notAnalysed).toMatchObject([
    { function: 'twice', reason: expect.stringContaining('G is defined several times') as string },
  ]);
});

test('what was read of a function is read again where a name comes to mean something else before it', () => {
  const loader = kernelLoader(parser);
  const answerOf = (source: string): unknown =>
    new Calls(loader.load(memoryTree({ 'fs/test/test.c': source }), { folder: 'fs/test', config: new Map() })).call('f', []);
  expect(answerOf('#define X 1\nint f(void) { return X; }\n#undef X\n#define X 2\nint g(void) { return X; }\n')).toBe(1);
  expect(answerOf('#define X 1\n#undef X\n#define X 2\nint f(void) { return X; }\nint g(void) { return X; }\n')).toBe(2);
});

const takenBack = `#define f(x) ((x) + 1)
int before(int x) { return f(x); }
#undef f
int f(int x) { return x * 2; }
int after(int x) { return f(x); }
#define N 3
int constant(int x) { return N; }
#undef N
enum { N = 7 };
int enumerator(int x) { return N; }
#define helper(x) ((x) + 1)
int helped(int x) { return helper(x); }
#undef helper
#define TABLE 5
static int table[TABLE];
#undef TABLE
int size(int x) { return sizeof(table); }
static int inside(int x)
{
#define LOCAL(y) ((y) * 2)
	return LOCAL(x);
#undef LOCAL
}
static int LOCAL(int y) { return y + 100; }
int outside(int x) { return inside(x) * 1000 + LOCAL(x); }
`;

test.each([
  ['before', 4],
  ['after', 6],
  ['constant', 3],
  ['enumerator', 7],
  ['helped', 4],
  ['size', 20],
  ['outside', 6103],
])('one that is taken back means what else has its name from there on: %s', (name, answer) => {
  expect(calls(takenBack).call(name, [3])).toBe(answer);
});

test('one that a header takes back is none in the files behind it', () => {
  const header = '#define f(x) ((x) + 1)\nstatic inline int h(int x) { return f(x); }\n#undef f\n';
  const source = '#include "t.h"\nstatic int f(int x) { return x * 2; }\nint g(int x) { return f(x) * 10 + h(x); }\n';
  const tree = memoryTree({ 'fs/test/t.h': header, 'fs/test/test.c': source });
  expect(new Calls(kernelLoader(parser).load(tree, { folder: 'fs/test', config: new Map() })).call('g', [3])).toBe(64);
});
