// What is no C before the macros of its file are replaced, and what a use of one at file level defines.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SourceUnit } from '../../extension/syntax/ast.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { allOptions, createParser } from '../support/parser.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => parser.dispose());

const read = (text: string): SourceUnit => parser.parse('x.c', text, allOptions);

/** Kinds and names, with why a function can't be trusted. */
function outline({ declarations, errors }: SourceUnit): readonly string[] {
  const said = declarations.map((each) => {
    const name = 'name' in each ? each.name : 'definition' in each ? (each.definition.tag ?? '') : each.text;
    return `${each.kind} ${name}${each.kind === 'function' && each.error !== null ? `: ${each.error}` : ''}`;
  });
  return [...said, ...errors.map(({ message }) => message)];
}

describe('a piece that does not parse as it stands', () => {
  test.each([
    [
      'an annotation within a declarator',
      '#define NOINLINE __attribute__((noinline))\nvoid *NOINLINE f(char *p) { return p; }\n',
      ['function f'],
    ],
    ['a part of a type', '#define WIDE long\nint f(unsigned WIDE x) { return x; }\n', ['function f']],
    ['a record that is a macro', '#define RECORD struct s\nRECORD {\n\tint a;\n};\n', ['record s']],
    ['members in a row', '#define HEAD int a; int b;\nstruct s { HEAD unsigned c : 3; };\n', ['record s']],
    ['statements in a row', '#define ONE x++;\n#define TWO ONE ONE\nint f(int x) {\n\tTWO ONE\n\treturn x;\n}\n', ['function f']],
    ['a part of an expression', '#define HALF / 2\nint f(int x) { return x HALF; }\n', ['function f']],
    ['a type of gcc', 'typedef unsigned __INT16_TYPE__ half;\n', ['typedef half']],
    [
      'functions side by side',
      '#define F(n) int f##n(void) { return n; }\nF(1) F(2)\nint g(void) { return 3; }\n',
      ['function f1', 'function f2', 'function g'],
    ],
  ])('is read with the macros of its file replaced: %s', (_, text, names) => {
    expect(outline(read(text)).filter((each) => !each.startsWith('macro-use'))).toEqual(names);
  });

  test('is read with the macros as they are defined there', () => {
    const use = (n: number): string => `int f${n}(int x) {\n\tSTEP STEP\n\treturn x;\n}\n`;
    const unit = read(`#define STEP x++;\n${use(1)}#undef STEP\n${use(2)}#define STEP x--;\n${use(3)}`);
    expect(outline(unit)).toEqual(['function f1', expect.stringMatching(/^function f2: line 8: /), 'function f3']);
  });

  test('is said as it stands where it does not parse so either', () => {
    expect(outline(read('#define A 1\nint f(int x) {\n\treturn A +;\n}\n'))).toEqual([expect.stringMatching(/^function f: line 3: /)]);
  });

  test('keeps its places in the file', () => {
    const text = '#define TWO x++; x++;\nint f(int x) {\n\tTWO TWO\n\treturn x;\n}\n';
    const [f] = read(text).declarations;
    if (f?.kind !== 'function') throw new Error('no function');
    const parts = f.body.statements.map(({ span }) => text.slice(span.start, span.end));
    expect(parts).toEqual(['TWO', 'TWO', 'TWO', 'TWO', 'return x;']);
    expect(text.slice(f.nameSpan.start, f.nameSpan.end)).toBe('f');
  });

  test('is read anew when a macro changes', () => {
    const text = (body: string): string => `#define STEP ${body}\nint f(int x) {\n\tSTEP STEP\n\treturn x;\n}\n`;
    const statements = (body: string): number => {
      const [f] = read(text(body)).declarations;
      return f?.kind === 'function' ? f.body.statements.length : 0;
    };
    expect([statements('x++;'), statements('x++; x++;')]).toEqual([3, 5]);
  });
});

describe('a macro of the file used at file level', () => {
  test('stays a use, and what it defines stands behind it', () => {
    const text = '#define GETTER(name) static int name##_get(void) { return name; }\nint a;\nGETTER(a)\nint g(void) { return a_get(); }\n';
    expect(outline(read(text))).toEqual(['variable a', 'macro-use GETTER', 'function a_get', 'function g']);
  });

  test('stays what it is where it is no declaration', () => {
    expect(outline(read('#define NOTE(x)\nNOTE(a);\nint b;\n'))).toEqual(['macro-use NOTE', 'variable b']);
  });
});
