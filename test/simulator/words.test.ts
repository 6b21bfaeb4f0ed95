// What names, strings and characters of C mean to the simulator.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

const answer = (text: string, body: string): string => answerOf(parser, text, body);

describe('a string', () => {
  test.each([
    ['is joined with those of macros', '#define B "b"', 'return sizeof("a" B "c");', 4],
    ['of macros of macros', '#define C "c"\n#define BC "b" C', 'const char *s = "a" BC; return s[2];', 99],
    ['may be all that a macro is', '#define NAME "fuse"\nstatic const char name[] = NAME;', 'return sizeof(name) * 1000 + name[3];', 5101],
    ['is of bytes', 'static const char s[] = "é";', 'return sizeof(s) * 1000 + s[0];', 3195],
    ['has a byte for each escape', '', 'return sizeof("\\0\\377\\x41");', 4],
    ['ends at its first zero for who prints it', 'static char to[8];', 'return sprintf(to, "foo\\0bar");', 3],
  ])('%s', (_what, text, body, expected) => {
    expect(answer(text, body)).toBe(String(expected));
  });

  test.each([
    ['may be wide', 'static const wchar_t s[] = L"a" "\u20ac";', 'return sizeof(s) * 100000 + s[1] + s[2];', 1208364],
    ['may be of 16 bits', '', 'const unsigned short *s = u"\\U0001F600b"; return (s[1] == 0xde00) * 1000 + s[2] + s[3];', 1098],
    ['in UTF-8 has no other type', '', 'return sizeof(u8"ab") * 1000 + u8"ab"[1];', 3098],
  ])('%s', (_what, text, body, expected) => {
    expect(answer(text, body)).toBe(String(expected));
  });
});

describe('a character', () => {
  test.each([
    ['is an int', "sizeof('a') * 1000 + '\\377'", 4255],
    ['of several is an int too', "('\\xff\\xff\\xff\\xff' < 0) * 1000 + ('ab' == 0x6162)", 1001],
    ['may be wide', "sizeof(L'a') * 1000 + (L'\\xffffffff' < 0) * 100 + L'a'", 4197],
    ['of 16 or 32 bits has no sign', "sizeof(u'a') * 10 + (U'\\xffffffff' > 0)", 21],
  ])('%s', (_what, text, expected) => {
    expect(answer('', `return ${text};`)).toBe(String(expected));
  });
});

describe('a name', () => {
  test('means the variable of file scope where extern says so', () => {
    expect(answer('int v = 3;', 'int v = 4; { extern int v; return v; }')).toBe('3');
    expect(answer('int v = 3;', 'int v = 4; { extern int v; v++; } return v;')).toBe('4');
  });

  test('that the compiler defines is known to conditions and to code', () => {
    const text = '#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__\n#define ORDER 1\n#else\n#define ORDER 2\n#endif';
    expect(answer(text, 'return ORDER * 100 + __SIZEOF_LONG__ * __CHAR_BIT__;')).toBe('264');
  });

  test('may be an alias of a variable, which is told', () => {
    expect(answer('int a = 1;\nextern int b __attribute__((alias("a")));', 'return b;')).toContain('it is an alias of another variable');
  });
});

test('bits beside those that have no value keep theirs', () => {
  const text = 'union u { struct { unsigned a : 8, b : 8, c : 16; }; unsigned char bytes[4]; };';
  expect(answer(text, 'union u u; u.bytes[1] = 7; return u.b;')).toBe('7');
  expect(answer(text, 'union u u; u.bytes[1] = 7; u.a = 3; return u.b * 10 + u.a;')).toBe('73');
  expect(answer(text, 'union u u; u.bytes[1] = 7; if (u.c) return 1; return 0;')).toContain('uninitialised');
});
