import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failed } from '../../extension/model/result.js';
import type { Statement } from '../../extension/syntax/ast.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { allOptions, createParser, withoutSpans } from '../support/parser.js';
import { valueOf } from '../support/result.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

/** The statements of a function with this inside, spans left out. */
function read(inside: string): readonly Statement[] {
  const unit = parser.parse('x.c', `void f(void)\n{\n${inside}\n}\n`, allOptions);
  const [definition] = unit.declarations;
  if (definition?.kind !== 'function') throw new Error(`not a function: ${JSON.stringify(unit.errors)}`);
  expect(definition.error).toBeNull();
  return withoutSpans(definition.body.statements) as readonly Statement[];
}

const name = (text: string): unknown => ({ kind: 'identifier', name: text });
const call = (callee: string): unknown => ({ kind: 'expression', expression: { kind: 'call', callee: name(callee), arguments: [] } });

describe('jumps', () => {
  test('a label stands before what it labels', () => {
    expect(read('out: a(); b();')).toEqual([{ kind: 'label', name: 'out' }, call('a'), call('b')]);
  });

  test('a label may stand at the end of a block', () => {
    expect(read('{ goto out; out: }')).toEqual([
      {
        kind: 'block',
        statements: [
          { kind: 'goto', label: 'out' },
          { kind: 'label', name: 'out' },
        ],
      },
    ]);
  });

  test('labels in a row are labels in a row', () => {
    expect(read('a: b: f();')).toEqual([{ kind: 'label', name: 'a' }, { kind: 'label', name: 'b' }, call('f')]);
  });

  test('a label before a declaration is kept', () => {
    expect(read('out: int x;')).toMatchObject([{ kind: 'label' }, { kind: 'declaration' }]);
  });

  test('a labelled statement under an if becomes a block', () => {
    expect(read('if (x) out: f();')).toMatchObject([
      { kind: 'if', then: { kind: 'block', statements: [{ kind: 'label' }, { kind: 'expression' }] } },
    ]);
  });

  test('goto may be computed', () => {
    expect(read('goto *p;')).toEqual([{ kind: 'computed-goto', target: name('p') }]);
  });

  test('return may give a value', () => {
    expect(read('return; return x;')).toEqual([
      { kind: 'return', value: null },
      { kind: 'return', value: name('x') },
    ]);
  });
});

describe('labels of a block', () => {
  test('are declared at its beginning', () => {
    expect(read('{ __label__ a, b; a: b: ; }')).toEqual([
      {
        kind: 'block',
        statements: [
          { kind: 'local-labels', names: ['a', 'b'] },
          { kind: 'label', name: 'a' },
          { kind: 'label', name: 'b' },
          { kind: 'empty' },
        ],
      },
    ]);
  });

  test('may be asked for their address, which is not understood', () => {
    expect(read('p = &&out; out: ;')).toMatchObject([{ expression: { value: { kind: 'unknown', text: '&&out' } } }, {}, {}]);
  });
});

describe('switch', () => {
  test('has its markers in the order of the body', () => {
    expect(read('switch (x) { case 1: a(); case 2: b(); break; default: c(); }')).toMatchObject([
      {
        kind: 'switch',
        value: name('x'),
        body: {
          statements: [
            { kind: 'case', low: { value: 1n }, high: null },
            call('a'),
            { kind: 'case', low: { value: 2n } },
            call('b'),
            { kind: 'break' },
            { kind: 'default' },
            call('c'),
          ],
        },
      },
    ]);
  });

  test('knows ranges', () => {
    expect(read('switch (x) { case 1 ... 3: a(); }')).toMatchObject([
      { body: { statements: [{ kind: 'case', low: { value: 1n }, high: { value: 3n } }, {}] } },
    ]);
  });

  test('keeps markers that share a statement', () => {
    expect(read('switch (x) { case A: case B: f(); }')).toMatchObject([
      { body: { statements: [{ kind: 'case' }, { kind: 'case' }, call('f')] } },
    ]);
  });

  test('keeps a label within a case', () => {
    expect(read('switch (x) { case A: again: f(); break; }')).toMatchObject([
      { body: { statements: [{ kind: 'case' }, { kind: 'label' }, call('f'), { kind: 'break' }] } },
    ]);
  });
});

describe('loops', () => {
  test('while and do', () => {
    expect(read('while (x) f(); do { g(); } while (y);')).toEqual([
      { kind: 'while', condition: name('x'), body: call('f') },
      { kind: 'do', body: { kind: 'block', statements: [call('g')] }, condition: name('y') },
    ]);
  });

  test('for with a declaration', () => {
    expect(read('for (int i = 0; i < n; i++) ;')).toMatchObject([
      {
        kind: 'for',
        initial: { kind: 'declaration', variables: [{ name: 'i' }] },
        condition: { kind: 'binary' },
        next: { kind: 'update' },
        body: { kind: 'empty' },
      },
    ]);
  });

  test('for with nothing', () => {
    expect(read('for (;;) break;')).toEqual([{ kind: 'for', initial: null, condition: null, next: null, body: { kind: 'break' } }]);
  });

  test('for with an expression', () => {
    expect(read('for (i = 0, j = 1; ; ) f();')).toMatchObject([{ initial: { kind: 'expression', expression: { kind: 'comma' } } }]);
  });

  test('macros that loop', () => {
    expect(read('list_for_each_entry(pos, &head, member) f();\nhlist_for_each_entry_rcu(p, h, m) { g(); }')).toMatchObject([
      {
        kind: 'iterator',
        macro: 'list_for_each_entry',
        arguments: [{ text: 'pos' }, { text: '&head' }, { text: 'member' }],
        body: call('f'),
      },
      { kind: 'iterator', macro: 'hlist_for_each_entry_rcu', body: { kind: 'block' } },
    ]);
  });
});

describe('if', () => {
  test('has two sides', () => {
    expect(read('if (a) f(); else if (b) g(); else h();')).toEqual([
      { kind: 'if', condition: name('a'), then: call('f'), else: { kind: 'if', condition: name('b'), then: call('g'), else: call('h') } },
    ]);
  });
});

describe('cleanup.h', () => {
  test('a scoped guard has a body', () => {
    expect(read('scoped_guard(mutex, &lock) f();')).toMatchObject([
      { kind: 'scoped-guard', macro: 'scoped_guard', arguments: [{ text: 'mutex' }, { text: '&lock' }], body: call('f') },
    ]);
  });

  test('__free is an attribute of the variable', () => {
    expect(read('struct fuse_backing *fb __free(kfree) = NULL;')).toMatchObject([
      { kind: 'declaration', variables: [{ name: 'fb', attributes: ['__free(kfree)'], initialiser: name('NULL') }] },
    ]);
  });

  test('no_free_ptr is a call', () => {
    expect(read('return no_free_ptr(fb);')).toMatchObject([{ kind: 'return', value: { kind: 'call', callee: name('no_free_ptr') } }]);
  });
});

describe('declarations within functions', () => {
  test('declare several variables', () => {
    expect(read('int a = 1, *b;')).toMatchObject([
      {
        kind: 'declaration',
        variables: [
          { name: 'a', type: { kind: 'integer' }, initialiser: { value: 1n } },
          { name: 'b', type: { kind: 'pointer' }, initialiser: null },
        ],
      },
    ]);
  });

  test('may be static', () => {
    expect(read('static int a;')).toMatchObject([{ variables: [{ storage: { static: true, inline: false, extern: false } }] }]);
  });

  test('may take their type from the value', () => {
    expect(read('__auto_type a = b;')).toMatchObject([{ variables: [{ name: 'a', type: { kind: 'unknown', text: '__auto_type' } }] }]);
    expect(read('typeof(b) a = b;')).toMatchObject([{ variables: [{ name: 'a', type: { kind: 'typeof', of: name('b') } }] }]);
    expect(read('typeof(*b) *a;')).toMatchObject([
      { variables: [{ name: 'a', type: { kind: 'pointer', to: { kind: 'typeof', of: { kind: 'unary' } } } }] },
    ]);
  });

  test('of a macro are calls of the macro', () => {
    expect(read('static DEFINE_MUTEX(lock);')).toMatchObject([
      { kind: 'expression', expression: { kind: 'call', callee: name('DEFINE_MUTEX') } },
    ]);
    expect(read('LIST_HEAD(head);')).toMatchObject([{ kind: 'expression', expression: { kind: 'call', callee: name('LIST_HEAD') } }]);
  });
});

describe('the rest', () => {
  test('inline assembly is kept as text', () => {
    expect(read('asm volatile("nop" : : "r"(x));')).toEqual([{ kind: 'asm', text: 'asm volatile("nop" : : "r"(x))' }]);
  });

  test('a lone semicolon is empty', () => {
    expect(read(';')).toEqual([{ kind: 'empty' }]);
  });

  test('fallthrough is a statement like any', () => {
    expect(read('fallthrough;')).toEqual([{ kind: 'expression', expression: name('fallthrough') }]);
  });
});

describe('statements that come out of a macro', () => {
  test('stand where they were told to stand', () => {
    const span = { start: 3, end: 4 };
    expect(valueOf(parser.parseStatements('if (a) b();', span))).toMatchObject({
      kind: 'block',
      span,
      statements: [{ kind: 'if', span, condition: { span } }],
    });
  });

  test.each(['do { a(); } while (0)', 'if (x) f()', '({ a(); })', 'return x', 'if (x) { }'])('%s needs no semicolon', (text) => {
    const result = valueOf(parser.parseStatements(text, { start: 0, end: 0 }));
    expect(result).toMatchObject({ statements: [{}] });
  });

  test.each(['if (', '} void g(void) {', 'a b c d'])('%s is no statement, and the reason is told', (text) => {
    expect(parser.parseStatements(text, { start: 0, end: 0 })).toEqual(failed(expect.any(String)));
  });
});
