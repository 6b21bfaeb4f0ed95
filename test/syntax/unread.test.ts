// A function that a text defines is read, or named with the reason why not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SourceUnit } from '../../extension/syntax/ast.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { allOptions, createParser } from '../support/parser.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => parser.dispose());

function functionsOf({ declarations }: SourceUnit): readonly (readonly [string, string | null])[] {
  return declarations.flatMap((each) => (each.kind === 'function' ? [[each.name, each.error] as const] : []));
}

const read = (text: string): ReturnType<typeof functionsOf> => functionsOf(parser.parse('x.c', text, allOptions));
const body = '{\n\treturn 1;\n}\n';

describe('a definition that is not read', () => {
  test.each([
    ['with an old-style list of parameters', `int f(a, b)\n\tint a;\n\tchar *b;\n${body}`],
    ['with an old-style list on its line', 'int f(a, b) int a, b; { return a; }\n'],
    ['without a type', `f(int a)\n${body}`],
    ['with a digit before its name', `int *5f(int a)\n${body}`],
    ['with a keyword before its name', `int struct f(int a)\n${body}`],
    ['of an array', `int f[](int a)\n${body}`.replace('f[]', 'f')],
    ['beside a variable', `int x, f(int a)\n${body}`],
    ['with a typedef in front', `typedef int f(int a)\n${body}`],
    ['whose inner brace is not closed', 'int f(int a)\n{\n\tif (a) {\n\treturn 1;\n}\n'],
  ])('%s is named', (_, text) => {
    expect(
      read(`${text}\nint g(void)\n${body}`)
        .map(([name]) => name)
        .sort(),
    ).toEqual(['f', 'g']);
  });

  test('carries what is wrong with it, and the file tells the rest', () => {
    const unit = parser.parse('x.c', `int = 5;\nint f(a, b)\n\tint a;\n\tchar *b;\n${body}`, allOptions);
    expect(functionsOf(unit)).toEqual([['f', 'line 2: cannot parse: int f(a, b) int a']]);
    expect(unit.errors.map(({ message }) => message)).toEqual(['line 1: expected identifier']);
  });

  test('is named where it stands at the margin in one that is not closed', () => {
    const names = read('int f(int a) {\n\tif (a) {\n\treturn 1;\nint g(void) {\n\treturn 1;\n}\n').map(([name]) => name);
    expect(names.sort()).toEqual(['f', 'g']);
  });
});

describe('what is no function', () => {
  test.each([
    ['a record with attributes', 'struct __attribute__((packed)) s { int a; };\nstruct t { int b; } __aligned(8) v;\n'],
    ['an initialiser', 'int x[] = F(3) { 1 };\nstatic struct s v = S(1);\n'],
    ['a prototype', 'int f(int a) __must_check;\nstruct s { int a; };\n'],
    ['a macro without its semicolon', 'MACRO(a, b)\nstruct s { int a; };\n'],
  ])('is not named: %s', (_, text) => {
    expect(read(text)).toEqual([]);
  });

  test('a macro in front of a function does not take its name', () => {
    expect(read(`DEFINE_FREE(x, struct s *, y(_T))\nstatic int f(int a)\n${body}`)).toEqual([['f', null]]);
    expect(read(`static struct s *__init __get(int a) __releases(x)\n${body}`)).toEqual([['__get', null]]);
  });
});
