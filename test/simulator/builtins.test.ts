// gcc's own functions on numbers, in the simulator.
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  ['int r; long a = 1L << 31; return __builtin_add_overflow(a, 0, &r) * 10 + (r < 0);', 11],
  ['unsigned char r; return __builtin_sub_overflow(3, 5, &r) * 1000 + r;', 1254],
  ['u64 r; return check_mul_overflow((u64)1 << 63, 2ULL, &r) * 10 + (r == 0);', 11],
  ['u64 r; return check_add_overflow(-1, 1, &r) * 10 + (r == 0);', 1],
  ['unsigned long r; return __builtin_uaddl_overflow(-1, 1, &r);', 1],
  ['int r; return __builtin_smul_overflow(65536, 32768, &r);', 1],
  ['return __builtin_add_overflow_p(200, 100, (unsigned char)0);', 1],
  ['return __builtin_popcount(-1) * 100 + __builtin_popcountll(-1);', 3264],
  ['return __builtin_clz(1) * 10000 + __builtin_clzl(1) * 100 + __builtin_ctz(8);', 316303],
  ['return __builtin_ffs(0) * 100 + __builtin_ffsll(1L << 40);', 41],
  ['return __builtin_parity(7) * 10 + __builtin_clrsb(0);', 41],
  ['return __builtin_bswap16(0x1234) == 0x3412 && __builtin_bswap32(0x12345678) == 0x78563412;', 1],
  ['return __builtin_bswap64(0xff) > 0;', 1],
  ['return __builtin_types_compatible_p(int, const int) * 10 + __builtin_types_compatible_p(word, unsigned long);', 11],
  ['return __builtin_types_compatible_p(int *, long *) + __builtin_types_compatible_p(int[3], int[4]);', 0],
  ['return __builtin_types_compatible_p(char *, const char *) + __builtin_types_compatible_p(char *, char volatile *);', 0],
  ['return __builtin_types_compatible_p(const char *, char const *const) * 10 + __builtin_types_compatible_p(int **, int *const *);', 10],
  ['const u64 *p = 0; return _Generic(p, u64 *: 1, const u64 *: 2) * 10 + _Generic((u64 *)p, const u64 *: 1, u64 *: 2);', 22],
  ['return __builtin_types_compatible_p(int[5], int[]) * 10 + __builtin_types_compatible_p(typeof(a), typeof(b));', 10],
  ['return __builtin_constant_p(1 << 4) * 100 + __builtin_constant_p("a") * 10 + __builtin_constant_p(a);', 110],
  ['return __builtin_choose_expr(sizeof(int) == 4, 5, nowhere);', 5],
])('%s', (body, expected) => {
  const calls = new Calls(
    programOf(parser, `typedef unsigned long word;\nstatic enum { A } a;\nstatic enum { B } b;\nlong f(void)\n{\n\t${body}\n}\n`),
  );
  expect(calls.call('f', [])).toBe(expected);
});
