// Arguments beyond a function's parameters, against gcc.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { Calls, programOf } from './function-calls.js';
import { gccMissing, linesOfGcc } from './gcc.js';

const missing = gccMissing();

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

const text = `#include <stdarg.h>
struct pair { int a; long b; char c; };
struct small { char c[3]; };
typedef struct { int n; long sum; } sums;
struct format { const char *text; va_list *list; };
static struct { unsigned narrow : 5; u64 wide : 40; } bits = { 21, 1ULL << 39 };

static long added(int n, va_list ap)
{
	long s = 0;
	while (n--)
		s = s * 3 + va_arg(ap, int);
	return s;
}
static long ints(int n, ...)
{
	va_list ap;
	long s;
	va_start(ap, n);
	s = added(n, ap);
	va_end(ap);
	return s;
}
static long mixed(const char *f, ...)
{
	va_list ap, again;
	long s = 0;
	va_start(ap, f);
	va_copy(again, ap);
	for (; *f; f++)
		switch (*f) {
		case 'i': s = s * 7 + va_arg(ap, int); break;
		case 'l': s = s * 7 + va_arg(ap, long); break;
		case 'p': s = s * 7 + *va_arg(ap, int *); break;
		case 's': { struct pair p = va_arg(ap, struct pair); s = s * 7 + p.a + p.b + p.c; break; }
		case 't': { sums p = va_arg(ap, sums); s = s * 7 + p.n + p.sum; break; }
		case 'x': s = s * 7 + va_arg(ap, struct small).c[1]; break;
		case 'u': s = s * 7 + (long)va_arg(ap, unsigned long long); break;
		case 'S': s = s * 7 + va_arg(ap, const char *)[1]; break;
		case '-': (void)va_arg(ap, long); break;
		}
	s = s * 11 + va_arg(again, int);
	va_end(ap);
	va_end(again);
	return s;
}
static int more(va_list *ap) { return va_arg(*ap, int); }
static long through(int n, ...)
{
	va_list ap;
	long r;
	va_start(ap, n);
	r = more(&ap);
	r = r * 10 + more(&ap);
	r = r * 10 + va_arg(ap, int);
	va_end(ap);
	return r;
}
static int deep(struct format *f) { return va_arg(*f->list, int); }
static long held(int n, ...)
{
	struct format f;
	va_list ap;
	va_start(ap, n);
	f.list = &ap;
	return deep(&f) * 10 + deep(&f);
}
static long twice(int n, ...)
{
	va_list ap;
	long r;
	va_start(ap, n);
	r = va_arg(ap, int);
	va_end(ap);
	va_start(ap, n);
	r = r * 10 + va_arg(ap, int);
	va_end(ap);
	return r;
}
static long (*pointer)(int, ...) = through;
static int one = 1;
static struct pair pair = { 1, 2, 3 };
static sums sum = { 4, 5 };
static struct small small = { "abc" };
`;

describe.skipIf(missing !== null)(`arguments beyond the parameters${missing === null ? '' : ` (${missing})`}`, () => {
  test.each([
    'ints(4, 1, -2, (char)200, (short)-7)',
    'ints(3, bits.narrow, 1 == 1, (bool)7)',
    'mixed("lu", -1L, (u64)bits.wide)',
    'mixed("ilpstxuS", 1, 0x123456789aL, &one, pair, sum, small, 9ULL, "hello")',
    'mixed("i-x-t", 3, 4L, small, &one, sum)',
    'through(0, 1, 2, 3)',
    'through(0, 1, ints(1, 2), ints(2, 1, 0))',
    'pointer(0, 4, 5, 6)',
    'held(1, 42, 7)',
    'twice(1, 4, 5)',
  ])('%s', (call) => {
    const ours = new Calls(programOf(parser, `${text}\nlong f(void)\n{\n\treturn ${call};\n}\n`)).call('f', []);
    expect(String(ours)).toBe(linesOfGcc(text, `printf("%ld\\n", (long)${call});`)[0]);
  });
});

test.each([
  ['through(0, 1, 2)', 'wild-dereference: reads 4 bytes at offset 16 of the arguments of through(), which has 16'],
  // The rest of its word has no value.
  ['mixed("l", 1)', 'NaN'],
])('%s reads more than it was given', (call, said) => {
  const ours = new Calls(programOf(parser, `${text}\nlong f(void)\n{\n\treturn ${call};\n}\n`)).call('f', []);
  expect(String(ours)).toContain(said);
});

test('a function that takes no more has none to begin with', () => {
  const calls = new Calls(programOf(parser, 'int f(void)\n{\n\tva_list ap;\n\tva_start(ap, 0);\n\treturn va_arg(ap, int);\n}\n'));
  expect(calls.call('f', [])).toBe('bug: va_start(ap) in a function that takes no more arguments than it has parameters');
});

test.each([
  ['vsnprintf(to, 8, format, ap)', 8, '-3 ab f'],
  ['vscnprintf(to, 8, format, ap)', 7, '-3 ab f'],
  ['vsprintf(to, format, ap)', 8, '-3 ab ff'],
])('%s', (call, length, written) => {
  const program = `static int text(char *to, const char *format, ...)
{
	va_list ap;
	int n;
	va_start(ap, format);
	n = ${call};
	va_end(ap);
	return n;
}
int f(void)
{
	char to[32];
	int n = text(to, "%d %s %lx", -3, "ab", 255L);
	return strcmp(to, "${written}") == 0 ? n : -1;
}
`;
  expect(new Calls(programOf(parser, program)).call('f', [])).toBe(length);
});
