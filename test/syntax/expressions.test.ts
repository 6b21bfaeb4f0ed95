import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failed } from '../../extension/model/result.js';
import type { Expression } from '../../extension/syntax/ast.js';
import { stringValue } from '../../extension/syntax/literals.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser, withoutSpans } from '../support/parser.js';
import { valueOf } from '../support/result.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

function read(text: string): Expression {
  return valueOf(parser.parseExpression(text, { start: 0, end: 0 }));
}

const name = (text: string): unknown => ({ kind: 'identifier', name: text });
const int = (value: number): unknown => expect.objectContaining({ kind: 'number', value: BigInt(value) });
const unsignedLong = { kind: 'integer', bits: 64, signed: false };
const u64 = { kind: 'integer', bits: 64, signed: false, own: 'long long' };
const s32 = { kind: 'integer', bits: 32, signed: true };

function expectMeaning(text: string, meaning: unknown): void {
  expect(withoutSpans(read(text))).toEqual(meaning);
}

describe('literals', () => {
  test.each([
    ['0', 0n, false, false],
    ['42u', 42n, true, false],
    ['0x10UL', 16n, true, true],
    ['0755', 493n, false, false],
    ['0b101', 5n, false, false],
    ['0xffffffffffffffffULL', 0xffffffffffffffffn, true, true],
  ])('%s is an exact integer with its suffix', (text, value, unsigned, long) => {
    expectMeaning(text, { kind: 'number', value, unsigned, long, text });
  });

  test.each([
    ["'a'", 97n],
    ["'\\n'", 10n],
    ["'\\0'", 0n],
    ["'\\x7f'", 127n],
    ["'\\177'", 127n],
    ["'\\\\'", 92n],
    ["'ab'", 0x6162n],
  ])('%s is the code of its characters', (text, value) => {
    expectMeaning(text, { kind: 'character', value, type: { kind: 'integer', bits: 32, signed: true } });
  });

  test('a number below zero is a minus before a number', () => {
    expectMeaning('-1', { kind: 'unary', operator: '-', operand: { kind: 'number', value: 1n, unsigned: false, long: false, text: '1' } });
  });

  test('a string is kept as written, and can be read', () => {
    expectMeaning('"a\\n"', { kind: 'string', text: '"a\\n"' });
    expect(stringValue('KERN_ERR "a\\n"  "b\\x41"')).toBe('a\nbA');
  });

  test('strings side by side are one, macros between them included', () => {
    expectMeaning('"x" "y"', { kind: 'string', text: '"x" "y"' });
    expectMeaning('KERN_INFO "x"', { kind: 'string', text: 'KERN_INFO "x"' });
  });

  test('NULL, true and false are names, as other macros', () => {
    expectMeaning('NULL', name('NULL'));
    expectMeaning('true', name('true'));
  });
});

describe('names that look like loops', () => {
  test('are values too', () => {
    expect(read('f(a, psy_for_each_cb)')).toMatchObject({
      kind: 'call',
      arguments: [{}, { expression: { kind: 'identifier', name: 'psy_for_each_cb' } }],
    });
  });
});

describe('initialisers of gcc before C99', () => {
  test('name their members without a dot', () => {
    expect(read('(struct s){ a: 1, [2] 3 }')).toMatchObject({
      kind: 'compound-literal',
      initialiser: { entries: [{ designators: ['a'] }, { designators: [{ kind: 'number', value: 2n }] }] },
    });
  });
});

describe('operators', () => {
  test('bind as in C', () => {
    expectMeaning('a + b * c', {
      kind: 'binary',
      operator: '+',
      left: name('a'),
      right: { kind: 'binary', operator: '*', left: name('b'), right: name('c') },
    });
  });

  test('&& and || are logical, not arithmetic', () => {
    expectMeaning('a && b || c', {
      kind: 'logical',
      operator: '||',
      left: { kind: 'logical', operator: '&&', left: name('a'), right: name('b') },
      right: name('c'),
    });
  });

  test('an assignment tells its arithmetic', () => {
    expectMeaning('a = b', { kind: 'assignment', operator: null, target: name('a'), value: name('b') });
    expectMeaning('a <<= 2', { kind: 'assignment', operator: '<<', target: name('a'), value: int(2) });
  });

  test('++ and -- tell on which side they stand', () => {
    expectMeaning('++a', { kind: 'update', operator: '++', prefix: true, operand: name('a') });
    expectMeaning('a--', { kind: 'update', operator: '--', prefix: false, operand: name('a') });
    const counted = { kind: 'update', operator: '++', prefix: false, operand: name('a') };
    for (const operator of ['!', '-', '~', '*']) expectMeaning(`${operator}a++`, { kind: 'unary', operator, operand: counted });
    expectMeaning('!!a++', { kind: 'unary', operator: '!', operand: { kind: 'unary', operator: '!', operand: counted } });
    expectMeaning('(*a)++', {
      kind: 'update',
      operator: '++',
      prefix: false,
      operand: { kind: 'unary', operator: '*', operand: name('a') },
    });
  });

  test('address and dereference are unary', () => {
    expectMeaning('&*p', { kind: 'unary', operator: '&', operand: { kind: 'unary', operator: '*', operand: name('p') } });
  });

  test('a conditional may lack its middle', () => {
    expectMeaning('a ? b : c', { kind: 'conditional', condition: name('a'), then: name('b'), else: name('c') });
    expectMeaning('a ?: c', { kind: 'conditional', condition: name('a'), then: null, else: name('c') });
  });

  test('a comma keeps both sides', () => {
    expectMeaning('a, b', { kind: 'comma', left: name('a'), right: name('b') });
  });
});

describe('access', () => {
  test('fields tell arrow from dot', () => {
    expectMeaning('p->a.b', {
      kind: 'field',
      base: { kind: 'field', base: name('p'), name: 'a', arrow: true },
      name: 'b',
      arrow: false,
    });
  });

  test('elements have an index', () => {
    expectMeaning('a[1]', { kind: 'index', base: name('a'), index: int(1) });
  });
});

describe('types within expressions', () => {
  test('a cast has a type', () => {
    expectMeaning('(struct fuse_file *)p', {
      kind: 'cast',
      type: { kind: 'pointer', to: { kind: 'record', union: false, tag: 'fuse_file', record: null }, attributes: [] },
      operand: name('p'),
    });
  });

  test('a sparse annotation within a cast goes to the pointer', () => {
    expectMeaning('(void __user *)arg', {
      kind: 'cast',
      type: { kind: 'pointer', to: { kind: 'void' }, attributes: ['__user'] },
      operand: name('arg'),
    });
  });

  test.each([
    ['(u64)x', u64],
    ['(u64)(x)', u64],
    ['(unsigned long)x', unsignedLong],
    ['(size_t) x', unsignedLong],
  ])('%s is a cast', (text, type) => {
    expectMeaning(text, { kind: 'cast', type, operand: name('x') });
  });

  test.each(['-', '*', '&'])('(u64) %sx is a cast, not arithmetic', (operator) => {
    expectMeaning(`(u64) ${operator}x`, { kind: 'cast', type: u64, operand: { kind: 'unary', operator, operand: name('x') } });
  });

  test('sizeof tells a type from an expression', () => {
    expectMeaning('sizeof(int)', { kind: 'sizeof', operand: s32, ofType: true, alignment: false });
    expectMeaning('sizeof(u64)', { kind: 'sizeof', operand: u64, ofType: true, alignment: false });
    expectMeaning('sizeof(x)', { kind: 'sizeof', operand: name('x'), ofType: false, alignment: false });
    expectMeaning('sizeof *p', {
      kind: 'sizeof',
      operand: { kind: 'unary', operator: '*', operand: name('p') },
      ofType: false,
      alignment: false,
    });
  });

  test('alignment is a sizeof that says so', () => {
    expectMeaning('__alignof__(int)', { kind: 'sizeof', operand: s32, ofType: true, alignment: true });
  });

  test.each(['offsetof', '__builtin_offsetof'])('%s has a type and a member', (macro) => {
    expectMeaning(`${macro}(struct fuse_backing, rcu)`, {
      kind: 'offsetof',
      type: { kind: 'record', union: false, tag: 'fuse_backing', record: null },
      member: 'rcu',
    });
  });

  test('a compound literal has its type and entries', () => {
    expectMeaning('(struct qstr) { .name = n, 5 }', {
      kind: 'compound-literal',
      type: { kind: 'record', union: false, tag: 'qstr', record: null },
      initialiser: {
        kind: 'initialiser-list',
        entries: [
          { designators: ['name'], value: name('n') },
          { designators: [], value: int(5) },
        ],
      },
    });
  });

  test('designators may go deep and index', () => {
    expectMeaning('{ .a.b = 1, [2] = { 3 } }', {
      kind: 'initialiser-list',
      entries: [
        { designators: ['a', 'b'], value: int(1) },
        { designators: [int(2)], value: { kind: 'initialiser-list', entries: [{ designators: [], value: int(3) }] } },
      ],
    });
  });

  test('_Generic has choices by type, and a default', () => {
    const text = '_Generic(x, int: y, default: z)';
    const name = (of: string): object => ({ kind: 'identifier', name: of });
    const choices = [
      { type: { kind: 'integer', bits: 32, signed: true }, value: name('y') },
      { type: null, value: name('z') },
    ];
    expectMeaning(text, { kind: 'generic', of: name('x'), choices, text });
  });
});

describe('calls', () => {
  test('take values', () => {
    expectMeaning('f(a, 1)', {
      kind: 'call',
      callee: name('f'),
      arguments: [
        { kind: 'value', expression: name('a'), text: 'a' },
        { kind: 'value', expression: int(1), text: '1' },
      ],
    });
  });

  test('of macros take types', () => {
    expectMeaning('container_of(p, struct fuse_backing, rcu)', {
      kind: 'call',
      callee: name('container_of'),
      arguments: [
        { kind: 'value', expression: name('p'), text: 'p' },
        { kind: 'type', type: { kind: 'record', union: false, tag: 'fuse_backing', record: null }, text: 'struct fuse_backing' },
        { kind: 'value', expression: name('rcu'), text: 'rcu' },
      ],
    });
  });

  test.each([
    ['max_t(u64, a, b)', u64],
    ['max_t(loff_t, a, b)', { kind: 'integer', bits: 64, signed: true }],
    ['max_t(unsigned int, a, b)', { kind: 'integer', bits: 32, signed: false }],
  ])('%s has a type as first argument, whichever its spelling', (text, type) => {
    expect(withoutSpans(read(text))).toMatchObject({ arguments: [{ kind: 'type', type }, { kind: 'value' }, { kind: 'value' }] });
  });

  test('of macros may leave an argument out', () => {
    expect(withoutSpans(read('f(a, , b)'))).toMatchObject({
      arguments: [{ text: 'a' }, { kind: 'value', expression: { kind: 'unknown', text: '' }, text: '' }, { text: 'b' }],
    });
  });

  test('of a pointer keep the pointer as callee', () => {
    expect(withoutSpans(read('ops->release(x)'))).toMatchObject({ callee: { kind: 'field', name: 'release' } });
  });

  test('of a guard are calls of calls', () => {
    expect(withoutSpans(read('guard(mutex)(&m)'))).toMatchObject({ kind: 'call', callee: { kind: 'call', callee: name('guard') } });
  });

  test('of macros take blocks', () => {
    expect(withoutSpans(read('f(a, { g(); })'))).toMatchObject({
      arguments: [{}, { kind: 'block', block: { statements: [{ kind: 'expression' }] } }],
    });
  });
});

describe('statement expressions', () => {
  test('hold statements', () => {
    expect(withoutSpans(read('({ int x = 1; x; })'))).toMatchObject({
      kind: 'statement-expression',
      body: { kind: 'block', statements: [{ kind: 'declaration' }, { kind: 'expression', expression: name('x') }] },
    });
  });
});

describe('text that comes out of a macro', () => {
  test('stands where it was told to stand', () => {
    const span = { start: 7, end: 9 };
    const result = valueOf(parser.parseExpression('a + 1', span));
    expect(result).toMatchObject({ span, left: { span }, right: { span } });
  });

  test.each(['a +', 'struct foo', 'return', 'x; y', ') (', '} {'])('%s is no expression, and the reason is told', (text) => {
    expect(parser.parseExpression(text, { start: 0, end: 0 })).toEqual(failed(expect.any(String)));
  });
});
