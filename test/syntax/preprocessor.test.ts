import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { preprocess, type PreprocessorOptions } from '../../extension/syntax/preprocessor.js';

const on = (...names: string[]): PreprocessorOptions => ({ option: (name) => names.includes(name) });
const none = on();
/** The lines that are left, without those that are blank. */
const left = (text: string, options: PreprocessorOptions = none): string[] =>
  preprocess(text, options)
    .text.split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean);

describe('preprocess, branches', () => {
  test('keeps the branch that the configuration takes', () => {
    const text = '#ifdef CONFIG_FUSE_DAX\nint dax;\n#else\nint nodax;\n#endif\nint end;\n';
    expect(left(text, on('CONFIG_FUSE_DAX'))).toEqual(['int dax;', 'int end;']);
    expect(left(text)).toEqual(['int nodax;', 'int end;']);
  });

  test('takes the first branch of an #elif chain that holds', () => {
    const text = '#if defined(CONFIG_A)\na\n#elif IS_ENABLED(CONFIG_B)\nb\n#elif 1\nc\n#else\nd\n#endif\n';
    expect(left(text, on('CONFIG_A', 'CONFIG_B'))).toEqual(['a']);
    expect(left(text, on('CONFIG_B'))).toEqual(['b']);
    expect(left(text)).toEqual(['c']);
  });

  test('takes no branch within a branch that is not taken', () => {
    expect(left('#if 0\n#if 1\na\n#else\nb\n#endif\nc\n#else\nd\n#endif\n')).toEqual(['d']);
  });

  test('keeps what a header guard encloses', () => {
    expect(left('#ifndef _FS_FUSE_I_H\n#define _FS_FUSE_I_H\nint x;\n#endif\n')).toEqual(['int x;']);
  });

  test('knows #elifdef and #elifndef', () => {
    const text = '#ifdef CONFIG_A\na\n#elifdef CONFIG_B\nb\n#elifndef CONFIG_C\nc\n#endif\n';
    expect(left(text, on('CONFIG_B'))).toEqual(['b']);
    expect(left(text)).toEqual(['c']);
    expect(left(text, on('CONFIG_C'))).toEqual([]);
  });

  test('counts __KERNEL__ as defined and names it does not know as not', () => {
    expect(left('#ifdef __KERNEL__\nk\n#endif\n#ifdef X\nx\n#endif\n#ifndef X\nnx\n#endif\n#if X\nv\n#endif\n')).toEqual(['k', 'nx']);
  });

  test('asks the caller about names that are no options', () => {
    expect(left('#ifdef MODULE\nm\n#endif\n', { option: () => false, defined: (name) => name === 'MODULE' })).toEqual(['m']);
  });

  test('follows #define and #undef of the same file', () => {
    expect(left('#define X 2\n#if X > 1\na\n#endif\n#undef X\n#ifdef X\nb\n#endif\n')).toEqual(['a']);
    expect(left('#if 0\n#define X 1\n#endif\n#ifdef X\nb\n#endif\n')).toEqual([]);
  });

  test('takes a name back to what it meant when it was pushed', () => {
    const text =
      '#define X 2\n#pragma push_macro("X")\n#undef X\n#define X 1\n#if X == 1\na\n#endif\n#pragma pop_macro("X")\n#if X == 2\nb\n#endif\n';
    expect(left(text)).toEqual(['a', 'b']);
    expect(preprocess(text, none).macros.map(({ body }) => body)).toEqual(['2', '1', '2']);
    const undefined_ =
      '_Pragma("push_macro(\\"Y\\")")\n#define Y\n#pragma pop_macro("Y")\n#pragma pop_macro("Y")\n#ifdef Y\na\n#endif\nb\n';
    expect(left(undefined_).at(-1)).toBe('b');
    expect(left(undefined_)).not.toContain('a');
  });

  test('says which stretches are inactive, without the directives', () => {
    const text = 'a\n#if 0\nb\nc\n#else\nd\n#endif\n';
    expect(preprocess(text, none).inactive.map(({ start, end }) => text.slice(start, end))).toEqual(['b\nc\n']);
  });

  test('joins the parts of an if that #ifdef splits', () => {
    const text = '#ifdef CONFIG_X\n\tif (x) {\n#else\n\tif (y) {\n#endif\n\t\tz();\n\t}\n';
    expect(left(text, on('CONFIG_X'))).toEqual(['if (x) {', 'z();', '}']);
    expect(left(text)).toEqual(['if (y) {', 'z();', '}']);
  });
});

describe('preprocess, conditions', () => {
  const holds = (condition: string, options: PreprocessorOptions = none): boolean =>
    left(`#define TWO 2\n#define SUM TWO + 1\n#define SELF SELF\n#define EMPTY\n#if ${condition}\nyes\n#endif\n`, options).includes('yes');

  test.each([
    '1',
    '!0',
    '0x10 == 16',
    '010 == 8',
    '0b11 == 3',
    '1UL << 3 == 8',
    "'a' == 97",
    "'\\n' == 10",
    '1 + 2 * 3 == 7',
    '(1 + 2) * 3 == 9',
    '10 - 2 - 3 == 5',
    '-1 < 0',
    '~0 == -1',
    '7 % 4 == 3',
    '8 / 2 == 4',
    '1 ? 2 : 0',
    '0 ? 0 : 1',
    '1 || 1 / 0',
    '!(0 && 1)',
    '3 & 1',
    '2 | 1',
    '(3 ^ 1) == 2',
    'TWO == 2',
    'SUM * 2 == 4',
    '!SELF',
    'defined TWO',
    'defined(EMPTY)',
    '!defined(NOPE)',
    'KERNEL_VERSION(6, 1, 0) == 393472',
    '1 /* not 0 */',
    '1 // not 0',
    '1 \\\n && 1',
    'UNKNOWN(3) == 0',
    'true',
  ])('%s holds', (condition) => {
    expect(holds(condition)).toBe(true);
  });

  test.each(['0', 'UNKNOWN', 'TWO < 2', 'defined(NOPE)', 'IS_ENABLED(CONFIG_A)', '!1', '1 &&', '(1', '1 1', '@', '"x"'])(
    '%s does not',
    (condition) => {
      expect(holds(condition)).toBe(false);
    },
  );

  test('asks for options by every macro that asks for them, and remembers the answers', () => {
    const conditions = ['CONFIG_A', 'defined CONFIG_A', 'IS_ENABLED(CONFIG_A)', 'IS_BUILTIN(CONFIG_A)', 'IS_REACHABLE(CONFIG_A)'];
    for (const condition of conditions) {
      expect(holds(condition, on('CONFIG_A'))).toBe(true);
      expect(holds(condition)).toBe(false);
    }
    expect(preprocess('#if CONFIG_A || defined(CONFIG_B)\n#endif\n#ifdef CONFIG_A\n#endif\n', on('CONFIG_B')).options).toEqual([
      { name: 'CONFIG_A', value: false },
      { name: 'CONFIG_B', value: true },
    ]);
  });

  test('knows the width of a long', () => {
    expect(holds('BITS_PER_LONG == 64', on('CONFIG_64BIT'))).toBe(true);
    expect(holds('BITS_PER_LONG == 32')).toBe(true);
  });

  test('gives up on conditions that grow without end, with an error', () => {
    const doubling = Array.from({ length: 40 }, (_, index) => `#define A${index + 1} A${index} + A${index}\n`).join('');
    expect(preprocess(`#define A0 1\n${doubling}#if A40\n#endif\n`, none).errors).toHaveLength(1);
    expect(preprocess(`#if ${'('.repeat(100_000)}\n#endif\n`, none).errors).toHaveLength(1);
    expect(preprocess(`#if ${'!'.repeat(100_000)}0\n#endif\n`, none).errors).toHaveLength(1);
    expect(preprocess(`#if ${'!'.repeat(1000)}1\nint a;\n#endif\n`, none).errors).toEqual([]);
  });
});

describe('preprocess, text', () => {
  test('moves no offset', () => {
    const text = '#define LONG(x) \\\n\tfoo(x); \\\n\tbar(x)\nint a; /* #if */\n';
    const result = preprocess(text, none).text;
    expect(result).toHaveLength(text.length);
    expect(result.indexOf('int a;')).toBe(text.indexOf('int a;'));
    expect(result.slice(0, text.indexOf('int a;')).trim()).toBe('');
  });

  test('takes no # in a comment, a literal or behind code for a directive', () => {
    const text = '/*\n#if 0\n*/\nchar *s = "\\\n#if 0\\\n";\nint x = \'"\';\n// \\\n#if 0\nint y; #if 0\n';
    expect(preprocess(text, none).text).toBe(text);
  });

  test('takes a # behind a comment or a continuation for one', () => {
    expect(left('/* c */ #if 0\na\n#endif\n')).toEqual(['/* c */']);
    expect(left('# /* c */\nint a;\n  #  ifdef CONFIG_A\nb\n# endif\n')).toEqual(['int a;']);
  });

  test('lets a comment that a directive opens end where it ends', () => {
    expect(left('#define X 1 /* one\n two */\nint a;\n')).toEqual(['int a;']);
  });

  test('is not confused by prose in an inactive branch', () => {
    expect(left("#if 0\nit doesn't work\n#endif\nint a;\n#error don't\nint b;\n")).toEqual(['int a;', 'int b;']);
  });

  test('reads CRLF', () => {
    const text = '#ifdef CONFIG_A \\\r\n\r\na\r\n#else\r\nb\r\n#endif\r\n#define X 1 \\\r\n + 2\r\nc\r\n';
    const result = preprocess(text, none);
    expect(left(text)).toEqual(['b', 'c']);
    expect(result.text.replace(/[^\r\n]/g, '')).toBe(text.replace(/[^\r\n]/g, ''));
    expect(result.errors).toEqual([]);
  });

  test('reads an empty file and one that ends within a directive', () => {
    expect(preprocess('', none).text).toBe('');
    expect(left('int a;\n#define X')).toEqual(['int a;']);
    expect(left('int a;\n#')).toEqual(['int a;']);
  });
});

describe('preprocess, what it collects', () => {
  test('macros of active branches', () => {
    const text =
      '#define ONE 1\n#define MAX(a, b) \\\n\t((a) > (b))\n#define LOG(fmt, ...) printk(fmt)\n#define OLD(args...) f(args)\n#define PAREN (1)\n#if 0\n#define NOT\n#endif\n';
    const { macros } = preprocess(text, none);
    expect(macros.map(({ name, parameters, variadic, body }) => ({ name, parameters, variadic, body }))).toEqual([
      { name: 'ONE', parameters: null, variadic: false, body: '1' },
      { name: 'MAX', parameters: ['a', 'b'], variadic: false, body: '\\\n\t((a) > (b))' },
      { name: 'LOG', parameters: ['fmt'], variadic: true, body: 'printk(fmt)' },
      { name: 'OLD', parameters: ['args'], variadic: true, body: 'f(args)' },
      { name: 'PAREN', parameters: null, variadic: false, body: '(1)' },
    ]);
    expect(text.slice(macros[0]?.span.start, macros[0]?.span.end)).toBe('#define ONE 1');
  });

  test('errors, and goes on', () => {
    const messages = (text: string): string[] => preprocess(text, none).errors.map(({ message }) => message);
    expect(messages('#if 1\nint a;\n')).toEqual(['#endif is missing for this conditional']);
    expect(messages('#endif\n')).toEqual(['#endif without #if']);
    expect(messages('#else\n')).toEqual(['#else without #if']);
    expect(messages('#if 0\n#else\n#else\n#endif\n')).toEqual(['#else after #else']);
    expect(messages('#ifdef\n#endif\n')).toEqual(['a name is expected after #ifdef']);
    expect(messages('#define 1\n#undef\n#include\n')).toHaveLength(3);
    expect(messages('/* open')).toEqual(['this comment is not closed']);
    expect(left('#if 1 +\na\n#endif\nb\n')).toEqual(['b']);
  });
});

describe('preprocess, for every text', () => {
  const piece = fc.constantFrom(
    '#if 0',
    '#if 1',
    '#if X',
    '#if (',
    '#ifdef CONFIG_A',
    '#ifndef X',
    '#elif 1',
    '#elif defined(X)',
    '#else',
    '#endif',
    '#define X 1',
    '#define F(a, ...) a',
    '#undef X',
    '#include <x.h>',
    "#error it's",
    '#',
    '# ',
    'int a;',
    '"',
    "'",
    '\\',
    '/*',
    '*/',
    '//',
    '\n',
    '\r\n',
    '\\\n',
    ' ',
    '\t',
    '\r',
    'é𝄞',
    '\u2028',
    '(',
    ')',
  );
  const anyText = fc.oneof(
    fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('\n')),
    fc.string(),
  );
  const anyOptions = fc.constantFrom<PreprocessorOptions>(none, on('CONFIG_A'), { option: () => true, defined: () => true });

  test('the length and every line end stay', () => {
    fc.assert(
      fc.property(anyText, anyOptions, (text, options) => {
        const result = preprocess(text, options).text;
        expect(result).toHaveLength(text.length);
        for (let index = 0; index < text.length; index++) {
          if (/[\r\n]/.test(text.charAt(index))) expect(result[index]).toBe(text[index]);
          else expect([text[index], ' ']).toContain(result[index]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a second time changes nothing', () => {
    fc.assert(
      fc.property(anyText, anyOptions, (text, options) => {
        const once = preprocess(text, options).text;
        expect(preprocess(once, options).text).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test('inactive stretches are in order, apart, and blank in the result', () => {
    fc.assert(
      fc.property(anyText, anyOptions, (text, options) => {
        const { inactive, text: result } = preprocess(text, options);
        let last = 0;
        for (const { start, end } of inactive) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(result.slice(start, end).trim()).toBe('');
          last = end;
        }
      }),
    );
  });
});
