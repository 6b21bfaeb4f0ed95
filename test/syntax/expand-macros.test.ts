import { describe, expect, test } from 'vitest';
import type { MacroDefinition } from '../../extension/syntax/ast.js';
import { expandMacros } from '../../extension/syntax/expand-macros.js';
import { preprocess } from '../../extension/syntax/preprocessor.js';
import { allOptions } from '../support/parser.js';

function lookup(defines: string): (name: string) => MacroDefinition | undefined {
  const { macros } = preprocess(defines, allOptions);
  return (name) => macros.find((macro) => macro.name === name);
}

/** The text with single spaces. */
function expanded(defines: string, text: string): string | undefined {
  return expandMacros(text, 0, lookup(defines))?.text.trim().replace(/\s+/g, ' ');
}

describe('macros in a text', () => {
  test.each([
    ['#define A 1\n', 'int x = A + B;', 'int x = 1 + B;'],
    ['#define F(a, b) a, b\n#define A 1\n', 'F(A, (2, 3))', '1, (2, 3)'],
    [
      '#define MAX(a, b) ((a) > (b) ? (a) : (b))\n',
      'MAX(MAX(1, 2), 3)',
      '((((1) > (2) ? (1) : (2))) > (3) ? (((1) > (2) ? (1) : (2))) : (3))',
    ],
    ['#define A B\n#define B A\n', 'A;', 'A ;'],
    ['#define S(x) #x\n#define A 1\n', 'S(A)', '"A"'],
    ['#define P(x) f_##x()\n#define A 1\n', 'P(A)', 'f_A()'],
    ['#define NEG(x) -x\n', 'NEG(-1)', '- -1'],
    ['#define F(x) x\n', 'F + 1 /* F(2) */ "F(3)"', undefined],
    ['#define F(x) x\n', 'F(1', undefined],
  ])('%j: %s', (defines, text, made) => {
    expect(expanded(defines, text)).toBe(made);
  });

  test('have the place of their use, and all else its own', () => {
    const text = 'static PREFIX int f;';
    const made = expandMacros(text, 100, lookup('#define PREFIX const volatile\n'));
    const placeOf = (part: string): string => {
      const at = made?.text.indexOf(part) ?? -1;
      const span = made?.spanOf(at, at + part.length) ?? { start: 100, end: 100 };
      return text.slice(span.start - 100, span.end - 100);
    };
    expect(['static', 'volatile', 'int', 'f;'].map(placeOf)).toEqual(['static', 'PREFIX', 'int', 'f;']);
  });

  test('end, however much they double', () => {
    const defines = Array.from({ length: 40 }, (_, at) => `#define A${at + 1} A${at} A${at}\n`).join('');
    expect(expandMacros('A40', 0, lookup(defines))).toBeNull();
  });
});
