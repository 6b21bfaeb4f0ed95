import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitIntoPieces } from '../../extension/syntax/pieces.js';

function pieces(text: string): readonly string[] {
  return splitIntoPieces(text).map(({ start, end }) => text.slice(start, end));
}

describe('a file is cut', () => {
  test('after functions and after declarations', () => {
    expect(pieces('int a;\nint f(void)\n{\n\tif (x) {\n\t}\n}\n\nstruct s {\n\tint b;\n};\n')).toEqual([
      'int a;',
      'int f(void)\n{\n\tif (x) {\n\t}\n}',
      'struct s {\n\tint b;\n};',
    ]);
  });

  test('after what follows a record or an initialiser', () => {
    expect(pieces('static struct s {\n\tint a;\n} x;\nstatic struct s y = {\n\t.a = 1,\n};\ntypedef struct { int v; } t;')).toEqual([
      'static struct s {\n\tint a;\n} x;',
      'static struct s y = {\n\t.a = 1,\n};',
      'typedef struct { int v; } t;',
    ]);
  });

  test('after a record whose attributes stand before its brace', () => {
    const records = ['struct __attribute__((packed)) s {\n\tint a;\n} x;', 'typedef union __aligned(8) {\n\tint a;\n} u;'];
    const f = 'struct s f(struct t a)\n{\n}';
    expect(pieces([...records, f, 'int a;'].join('\n'))).toEqual([...records, f, 'int a;']);
  });

  test('by braces alone where they match, wherever they stand', () => {
    const f = 'int f(void)\n{\nstruct\n{\nint a;\n}v;\nif (v.a)\n{\ng();\n}\nreturn 0;\n}';
    expect(pieces(`${f}\nint a;`)).toEqual([f, 'int a;']);
  });

  test('behind annotated functions', () => {
    expect(pieces('void f(void)\n__releases(l)\n{\n}\nvoid g(void) __cold\n{\n}\n')).toEqual([
      'void f(void)\n__releases(l)\n{\n}',
      'void g(void) __cold\n{\n}',
    ]);
  });

  test('not within parentheses', () => {
    const use = 'TRACE_EVENT(x,\n\tTP_fast_assign(\n\t\ta = 1;\n\t\tb = 2;\n\t),\n);';
    expect(pieces(`${use}\nint a;`)).toEqual([use, 'int a;']);
  });

  test('with macros that end in no semicolon left at what follows', () => {
    expect(pieces('DEFINE_FREE(a, b, c)\nstruct s { int x; } y;\nint z;')).toEqual([
      'DEFINE_FREE(a, b, c)\nstruct s { int x; } y;',
      'int z;',
    ]);
  });

  test('whatever comments and literals hold', () => {
    expect(pieces('/* } */ char *s = "};{"; // ;\nint f(void) { return \'}\'; }\nint a;')).toEqual([
      'char *s = "};{";',
      "int f(void) { return '}'; }",
      'int a;',
    ]);
  });
});

describe('where braces do not match', () => {
  test('a function that is not closed ends before the next', () => {
    expect(pieces('int f(void)\n{\n\tif (x) {\n\treturn 0;\n\nint g(void)\n{\n\treturn 1;\n}\n')).toEqual([
      'int f(void)\n{\n\tif (x) {\n\treturn 0;\n',
      'int g(void)\n{\n\treturn 1;\n}',
    ]);
  });

  test('a brace at the margin closes whatever is open', () => {
    expect(pieces('int f(void)\n{\n\tif (g(x {\n}\nint a;\n')).toEqual(['int f(void)\n{\n\tif (g(x {\n}', 'int a;']);
  });

  test('a parenthesis that is not closed ends with its declaration', () => {
    expect(pieces('int a = f(3;\nint b;\n')).toEqual(['int a = f(3;', 'int b;']);
  });
});

describe('any text', () => {
  test('is covered in order, but for space and comments', () => {
    const text = fc.array(
      fc.constantFrom('{', '}', '(', ')', ';', '=', '\n', '\n\n', ' ', 'a', 'struct ', '"', "'", '/*', '*/', '//', '\\'),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('');
        let end = 0;
        for (const piece of splitIntoPieces(whole)) {
          expect(
            whole
              .slice(end, piece.start)
              .replace(/\/\*[^]*?(\*\/|$)|\/\/(\\\n|[^\n])*/g, '')
              .trim(),
          ).toBe('');
          expect(piece.end).toBeGreaterThan(piece.start);
          end = piece.end;
        }
        expect(end).toBeLessThanOrEqual(whole.length);
      }),
    );
  });
});
