// Constant expressions, and what hangs on them: lengths, sizes, types of macros, and variables as long as their initialisers.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { answerOf, programOf } from './function-calls.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

const answer = (text: string, body: string): string => answerOf(parser, text, body);

describe('the length of an array', () => {
  test.each([
    ['a size in it', '', 'char a[(sizeof(struct pair) + 15) & ~15]; return sizeof(a);', 16],
    ['an offset', 'struct upto { char pad[__builtin_offsetof(struct pair, b)]; };', 'return sizeof(struct upto);', 4],
    ['an offset by hand', 'struct upto { char pad[(unsigned long)&((struct pair *)0)->b]; };', 'return sizeof(struct upto);', 4],
    ['a choice by a macro', 'struct most { char pad[LARGER(sizeof(int), sizeof(long))]; };', 'return sizeof(struct most);', 8],
    ['logic', 'static int both[4 > 3 && 2 > 1 ? 3 : 1];', 'return sizeof(both);', 12],
    ['a cast', 'struct narrow { char pad[(unsigned char)300]; };', 'return sizeof(struct narrow);', 44],
    ['the size of a variable', '', 'unsigned long n = 5; char a[3 * sizeof(n)]; return sizeof(a);', 24],
    ['the size of an array of unknown length', 'static int s[] = { 1, 2, 3 };', 'int a[sizeof(s) / sizeof(s[0])]; return sizeof(a);', 12],
    ['an enumerator that is a size', 'enum { N = sizeof(struct pair) };', 'char a[N + 1]; return sizeof(a);', 9],
    ["the size of a record's member", 'struct copy { char c[sizeof(((struct pair *)0)->b)]; };', 'return sizeof(struct copy);', 4],
  ])('may have %s', (_what, text, body, expected) => {
    const common = 'struct pair { int a, b; };\n#define LARGER(a, b) ((a) > (b) ? (a) : (b))\n';
    expect(answer(common + text, body)).toBe(String(expected));
  });

  test('that is known only when the function runs is told', () => {
    expect(() => programOf(parser, 'long f(int n)\n{\n\tchar a[n];\n\n\treturn sizeof(a);\n}\n')).toThrow(
      'f: line 3: an array whose length is not constant is not laid out',
    );
  });

  test.each([
    ['a string', 'static char word[] = "hello";', 'return sizeof(word);', 6],
    ['records and an index', 'static struct pair p[] = { { 1, 2 }, [3] = { 3, 4 } };', 'return sizeof(p) / sizeof(*p);', 4],
    ['records without their braces', 'static struct pair p[] = { 1, 2, 3, 4, 5 };', 'return sizeof(p) / sizeof(*p);', 3],
    ['rows', 'static int grid[][2] = { { 1, 2 }, { 3, 4 } };', 'return sizeof(grid);', 16],
    ['rows without their braces', 'static int grid[][2] = { 1, 2, 3 };', 'return sizeof(grid) + grid[1][0];', 19],
    ['a typedef', 'typedef int list[]; static list l = { 1, 2, 3 };', 'return sizeof(l);', 12],
  ])('is that of its initialiser: %s', (_what, text, body, expected) => {
    expect(answer(`struct pair { int a, b; };\n${text}`, body)).toBe(String(expected));
  });
});

describe('an initialiser', () => {
  const text = 'struct pair { int a, b; };\nstruct both { struct pair p; union { int i; char c[8]; }; struct pair q; };\n';

  test.each([
    ['goes on behind what was designated, inside it', 'struct both x = { .p.a = 1, 2, 3 };', 'x.p.b * 10 + x.i', 23],
    ['goes on behind a union', 'struct both x = { .c = "ab", 4, 5 };', 'x.q.a * 10 + x.q.b', 45],
    ['counts a member without a name', 'struct both x = { { 1, 2 }, { 3 }, { 4 } };', 'x.i * 10 + x.q.a', 34],
    ['leaves a union the member that came last', 'struct both x = { .c = { 1, 2, 3, 4 }, .i = 5 };', 'x.i', 5],
    ['of a whole is the end of that of a part', 'struct both x = { .p.b = 7, .p = { .a = 1 } };', 'x.p.a * 10 + x.p.b', 10],
    [
      'may be for a range of elements',
      'int x[] = { [1 ... 3] = 7, 8, [0] = 1 };',
      'x[3] * 1000 + x[4] * 100 + x[0] * 10 + sizeof(x) / 4',
      7815,
    ],
    ['of a range is worked out once', 'int n = 0; struct pair x[2] = { [0 ... 1] = { ++n, 3 } };', 'x[1].a * 10 + n', 11],
    ['has a value too many', 'int x[2] = { 1, 2, 3 }; struct pair y = { 4, 5, 6 };', 'x[0] * 10 + y.b', 15],
    ['may be a string in braces', 'char x[] = { "abc" };', 'sizeof(x) * 1000 + x[1]', 4098],
  ])('%s', (_what, declared, asked, expected) => {
    expect(answer(text, `${declared} return ${asked};`)).toBe(String(expected));
    expect(answer(text, `static ${declared.replace('int n = 0; ', 'int n = 1; static ').replace('++n', '1')} return ${asked};`)).toBe(
      String(expected),
    );
  });

  test('for no part of it is told', () => {
    expect(() => programOf(parser, `${text}int f(void)\n{\n\tstruct pair x = { .c = 1 };\n\treturn x.a;\n}\n`)).toThrow(
      'a designator names no part of what is initialised',
    );
  });
});

describe('an enumeration', () => {
  test.each([
    ['is as large as its values need', 'enum e { A = 0x100000000 };', 'sizeof(enum e) * 100 + sizeof(A)', 808],
    ['has constants of its type where they are no int', 'enum e { A = 0x80000000, B = -1 };', '(A > B) * 10 + sizeof(A)', 18],
    ['has constants of type int where they are one', 'enum e { A = 1, B = 0xffffffff };', '(A > -2) * 10 + (B > -2)', 11],
    [
      'may be packed',
      'enum e { A = 200 } __attribute__((packed)); enum __attribute__((packed)) f { B = -200 };',
      'sizeof(enum e) * 10 + sizeof(enum f)',
      12,
    ],
  ])('%s', (_what, text, asked, expected) => {
    expect(answer(text, `return ${asked};`)).toBe(String(expected));
  });
});

describe('a constant', () => {
  test.each([
    ['of ?: has the type of both arms', '', '(1 ? -1 : 2u) > 0', 1],
    [
      'of _Generic is chosen by its type',
      'static short s;',
      '_Generic(s, int: 1, short: 2, default: 3) * 10 + _Generic(&s, char *: 1, default: 2)',
      22,
    ],
    ['may be a cast to a typedef', 'typedef unsigned short half;', '(half)(70000) == 4464 ? (half) - 1 : 0', 65535],
    ['may be the size of so many of a type', 'typedef short half;', 'sizeof(half[2 + 1])', 6],
    ['may hang on an enumerator that is a size', 'struct p { int a, b; }; enum { N = sizeof(struct p), M };', 'N * 10 + M', 89],
    ['may be the size of a variable as long as its initialiser', 'static char t[] = "abc"; enum { N = sizeof(t) };', 'N', 4],
    [
      'may be a choice by whether types are compatible',
      'enum e { A };',
      '__builtin_types_compatible_p(enum e, unsigned) * 10 + __builtin_types_compatible_p(enum e, int)',
      10,
    ],
  ])('%s', (_what, text, asked, expected) => {
    expect(answer(text, `return ${asked};`)).toBe(String(expected));
  });

  test.each([
    ['sizeof(NAME)', 4],
    ['sizeof(WRAP("abcde"))', 6],
    ['sizeof("a" NAME)', 5],
    ['sizeof(SPELLED(VERSION))', 3],
    ['sizeof(*NAME) * 10 + sizeof(&NAME)', 18],
    ['sizeof(__func__)', 2],
    ['sizeof(typeof(NAME))', 4],
    ['sizeof(buffer)', 6],
    ['sizeof(WRAPPED)', 5],
    ['PASTED(v, VERSION)', 5],
  ])('may be of a macro that is a string or made by another: %s', (asked, answered) => {
    const text = `#define NAME "abc"
#define WRAP(x) x
#define WRAPPED (NAME "d")
#define SPELL(x) #x
#define SPELLED(x) SPELL(x)
#define PASTE(a, b) a##b
#define PASTED(a, b) PASTE(a, b)
#define VERSION 12
static char buffer[sizeof(NAME) + sizeof("a")];
static int v12 = 5;
`;
    expect(answer(text, `return ${asked};`)).toBe(String(answered));
  });

  test.each([
    ['LAST * 100 + B', 301],
    ['sizeof(names) / sizeof(names[0]) * 1000 + names[C][1]', 3120],
    ['sizeof(list) / sizeof(list[0]) * 1000 + list[1][0]', 3113],
  ])('may be an enumerator, or an entry, that macros spell out: %s', (asked, answered) => {
    const text = `#define NAMES(X) X(A, "r") X(B, "w") X(C, "xx")
#define AS_ENUM(n, s) n,
#define AS_NAME(n, s) [n] = s,
#define LIST "p", "q",
enum { NAMES(AS_ENUM) LAST };
static const char *const names[] = { NAMES(AS_NAME) };
static const char *const list[] = { LIST "z" };
`;
    expect(answer(text, `return ${asked};`)).toBe(String(answered));
  });

  test.each([
    ['two(ARGS)', 12],
    ['two(REST(0, 3, 4))', 34],
    ['CALL(two, ARGS)', 12],
    ['two(NONE 5, 6)', 56],
    ['none(NONE)', 3],
  ])('may hang on arguments that a macro spells out: %s', (asked, answered) => {
    const text = `#define ARGS 1, 2
#define NONE
#define REST(a, ...) __VA_ARGS__
#define CALL(f, ...) f(__VA_ARGS__)
static int two(int a, int b) { return a * 10 + b; }
static int none(void) { return 3; }
`;
    expect(answer(text, `return ${asked};`)).toBe(String(answered));
  });

  test('that is an enumerator behind others that a macro nobody defines spells out is told', () => {
    expect(answer('enum { FIRST, NAMES(AS_ENUM) NEXT };', 'return NEXT;')).toContain('assumed');
    expect(answer('enum { FIRST, NAMES(AS_ENUM) NEXT = 4 };', 'return NEXT;')).toBe('4');
  });

  test('that is the alignment of a variable is told, since its declaration may state another', () => {
    expect(answer('static int i __attribute__((aligned(64)));', 'return _Alignof(i);')).toContain('assumed type alignof');
    expect(answer('static int i __attribute__((aligned(64)));', 'return _Alignof(typeof(i));')).toBe('4');
  });

  test('is what gcc has in place of abs() and its like, whatever a program defines by the name', () => {
    expect(answer('static int constructor(int n) { return n + 1; }', 'return constructor(4);')).toBe('5');
    expect(answer('long llabs(long n) { return n + 1; } static long m = -5;', 'return llabs(m) + llabs(m--) + m;')).toBe('4');
  });

  test('of a case may be chosen by a macro', () => {
    const text = '#define MOST(a, b) ((a) > (b) ? (a) : (b))\n';
    expect(answer(text, 'switch (5) { case MOST(5u, 3): return 1; } return 2;')).toBe('1');
  });

  test('of a case that hangs on the size of a record by a choice is told', () => {
    const body = 'switch (1) { case sizeof(struct p) > 3 ? 1 : 2: return 1; } return 0;';
    expect(answer('struct p { int a; };', body)).toContain('assumed construct case');
  });
});

describe('a macro', () => {
  test.each([
    ['keeps the type of its cast', '#define NONE ((unsigned char)~0)', 'return sizeof(NONE) * 10 + NONE;', 265],
    ['gives that to typeof', '#define NONE ((unsigned char)~0)', 'typeof(NONE) v = 300; return v;', 44],
    ['may be the sign bit of an int', '#define TOP (1 << 31)', 'unsigned long v = TOP; return v >> 32 == 0xffffffff;', 1],
    ['may stand for a type', '#define word unsigned long', 'word w = -1; return w > 0 ? sizeof(word) : 0;', 8],
    ['may stand for a type in a cast', '#define word unsigned long', 'int x = -1; return (word)x >> 60;', 15],
    ['may stand for a pointer', '#define text char *', 'text p = "ab"; return p[1];', 98],
  ])('%s', (_what, text, body, expected) => {
    expect(answer(text, body)).toBe(String(expected));
  });
});

describe('a variable of file scope', () => {
  test('is longer than its type by the elements of its flexible array', () => {
    const numbers = 'struct table { int n; int rows[]; };\nstatic struct table table = { 2, { 7, 8 } };';
    expect(answer(numbers, 'return table.rows[1];')).toBe('8');
    expect(answer(numbers, 'return table.rows[2];')).toContain('wild-dereference');
    const text = 'struct label { char kind; char text[]; };\nstatic struct label label = { .text = "wx", .kind = 1 };';
    expect(answer(text, 'return label.text[1] + label.kind;')).toBe('121');
  });

  test('may point to a compound literal, which lives for good', () => {
    const pair = 'struct pair { int a, b; };\nstatic struct pair *given = &(struct pair){ 1, 2 };';
    expect(answer(pair, 'return given->b;')).toBe('2');
    expect(answer('static const char *const *names = (const char *const []){ "one", "two", 0 };', 'return names[1][0];')).toBe('116');
    const inside =
      'static int *one(void)\n{\n\tstatic int *p = (int []){ 4, 5 }, *q = (int []){ 6, 7 };\n\n\tq[0]++;\n\treturn p[1] == 5 ? q : 0;\n}\n';
    expect(answer(inside, 'one(); return *one();')).toBe('8');
  });
});
