// What C has and the simulator does not compute: a path that comes to it ends there, and says so.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kernelLoader } from '../../extension/kernel/loader.js';
import { memoryTree } from '../support/memory-tree.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { Calls, programOf } from './function-calls.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

test.each([
  ['floating point', 'static double d;', 'd = 3;', 'floating point'],
  ['floating point in a record', 'struct s { float f; };', 'struct s s = { 1 }; if (s.f > 0) return 1;', 'floating point'],
  ['floating point by mode', 'typedef float real __attribute__((mode(DF)));', 'real r = 3; return r;', 'floating point'],
  ['vectors', 'typedef int four __attribute__((vector_size(16)));', 'four v = { 1, 2 }; return v[0];', 'vectors'],
  ['128-bit integers', '', 'unsigned __int128 n = -1; return n >> 64;', '128-bit integers'],
])('%s', (_what, text, body, said) => {
  const calls = new Calls(programOf(parser, `${text}\nlong f(void)\n{\n\t${body}\n\treturn 0;\n}\nlong g(void)\n{\n\treturn 7;\n}\n`));
  calls.call('f', []);
  expect([...calls.machine.unread.keys()]).toEqual(['f']);
  expect(calls.image.whyUnread('f')).toMatch(new RegExp(`line \\d+: ${said}: not computed by the simulator`));
  expect(calls.call('g', [])).toBe(7);
});

test.each([
  ['inline assembly', 'int x = 1; asm volatile("mov $1, %0" : "=r"(x)); return x;', 'f', /line 3: not understood: asm volatile/],
  [
    'a loop that no header defines',
    'int n = 0; for_each_thing(n) { return 1; } return 0;',
    'f',
    /line 3: not understood: the loop for_each_thing\(\)/,
  ],
])('a path goes on over %s, and it is said that it did', (_what, body, name, why) => {
  const calls = new Calls(programOf(parser, `long f(void)\n{\n\t${body}\n}\n`));
  calls.call('f', []);
  expect([...calls.machine.unread.keys()]).toEqual([name]);
  expect(calls.machine.unread.get(name)).toMatchObject({ whole: false });
  expect(calls.machine.unread.get(name)?.why).toMatch(why);
});

test("one of gcc's own functions that is not known ends the path", () => {
  const calls = new Calls(programOf(parser, 'long f(int n)\n{\n\tchar *p = __builtin_alloca(n);\n\tp[0] = 1;\n\treturn p[0];\n}\n'));
  calls.call('f', [4]);
  expect(calls.machine.core.errors).toEqual([]);
  expect(calls.machine.unread.get('__builtin_alloca')).toMatchObject({ whole: true });
});

test.each([
  ['a string with a byte that is no UTF-8', 'static const char g[] = "a\ufffd";', 'return g[1];', /initial|is 0/],
  ['the size of an array whose initialiser is not understood', 'static const char g[] = @@;', 'return sizeof(g);', /is 8/],
])('%s is said', (_what, text, body, said) => {
  const program = kernelLoader(parser).load(memoryTree({ 'fs/test/test.c': `${text}\nlong f(void)\n{\n\t${body}\n}\n` }), {
    folder: 'fs/test',
    config: new Map(),
  });
  const calls = new Calls(program);
  const answer = String(calls.call('f', []));
  expect([answer, ...[...calls.machine.unread.values()].map(({ why }) => why)].join('\n')).toMatch(said);
});

test('a variable of which more bytes are needed than one can have is told', () => {
  const text = 'static char large[1700000];\nlong f(void)\n{\n\treturn large[3];\n}\n';
  expect(String(new Calls(programOf(parser, text)).call('f', []))).toContain('assumed construct 1700000 bytes of large');
});

test('a record that has such a member may be copied and laid out', () => {
  const text = 'struct s { int n; double d; };\nlong f(void)\n{\n\tstruct s a = { 3 }, b = a;\n\n\treturn b.n * 100 + sizeof(b);\n}\n';
  expect(new Calls(programOf(parser, text)).call('f', [])).toBe(316);
});

test('a bit-field of more than 32 bits is computed in as many as it has, as gcc does', () => {
  const text =
    'struct s { unsigned long a : 40, b : 33; };\nlong f(void)\n{\n\tstruct s s = { 0x100, 0x100000000 };\n\n' +
    '\treturn (s.a << 32 == 0) * 10 + (s.b + s.b == 0) + (s.a << 8 == 0x10000) * 100;\n}\n';
  expect(new Calls(programOf(parser, text)).call('f', [])).toBe(111);
});
