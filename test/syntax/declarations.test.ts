import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Declaration, SourceUnit } from '../../extension/syntax/ast.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { allOptions, createParser, withoutSpans } from '../support/parser.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

function parse(text: string): SourceUnit {
  return parser.parse('x.c', text, allOptions);
}

function read(text: string): readonly Declaration[] {
  const unit = parse(text);
  expect(unit.errors).toEqual([]);
  return withoutSpans(unit.declarations) as readonly Declaration[];
}

const int = { kind: 'integer', bits: 32, signed: true };
const pointer = (to: unknown, attributes: readonly string[] = []): unknown => ({ kind: 'pointer', to, attributes });
const struct = (tag: string): unknown => ({ kind: 'record', union: false, tag, record: null });
const plain = { static: false, inline: false, extern: false };

describe('functions', () => {
  test('have what their head says', () => {
    expect(read('static inline struct file *get(struct fuse_backing *fb, int n, ...) { return 0; }')).toMatchObject([
      {
        kind: 'function',
        name: 'get',
        returns: pointer(struct('file')),
        parameters: [
          { name: 'fb', type: pointer(struct('fuse_backing')), attributes: [] },
          { name: 'n', type: int, attributes: [] },
        ],
        variadic: true,
        storage: { static: true, inline: true, extern: false },
        error: null,
      },
    ]);
  });

  test('with void have no parameters', () => {
    expect(read('void f(void) { }')).toMatchObject([{ returns: { kind: 'void' }, parameters: [], variadic: false, storage: plain }]);
  });

  test('may return a pointer to a function', () => {
    expect(read('int (*pick(int a))(char *) { return 0; }')).toMatchObject([
      { kind: 'function', name: 'pick', parameters: [{ name: 'a' }], returns: { kind: 'pointer', to: { kind: 'function', returns: int } } },
    ]);
  });

  test('take arrays and functions as pointers', () => {
    expect(read('void f(int a[3], int cb(int)) { }')).toMatchObject([
      { parameters: [{ type: pointer(int) }, { type: { kind: 'pointer', to: { kind: 'function' } } }] },
    ]);
  });

  test('keep annotations wherever they stand', () => {
    const [f] = read('static int __init f(struct file __user *p, int n __maybe_unused) __releases(lock) { return 0; }');
    expect(f).toMatchObject({ kind: 'function', name: 'f', parameters: [{ attributes: ['__user'] }, { attributes: ['__maybe_unused'] }] });
    expect(f).toHaveProperty('attributes', expect.arrayContaining(['__init', '__releases(lock)']));
  });

  test('keep annotations in front of everything', () => {
    expect(read('int a;\nnoinline static int f(void) { return 0; }')).toMatchObject([
      { attributes: [] },
      { name: 'f', attributes: ['noinline'] },
    ]);
  });

  test('annotate one variable of several', () => {
    expect(read('int a __read_mostly, b;')).toMatchObject([{ attributes: ['__read_mostly'] }, { attributes: [] }]);
  });

  test('keep attributes as written', () => {
    expect(read('static __attribute__((noinline)) void f(void) { }')).toMatchObject([{ attributes: ['__attribute__((noinline))'] }]);
  });

  test('of system calls have the name and parameters of the macro', () => {
    expect(read('SYSCALL_DEFINE2(frob, int, fd, char __user *, buf) { return fd; }')).toMatchObject([
      {
        kind: 'function',
        name: 'sys_frob',
        parameters: [
          { name: 'fd', type: int },
          { name: 'buf', type: { kind: 'pointer' } },
        ],
        error: null,
      },
    ]);
  });

  test('that some macro defines say that they are not understood', () => {
    expect(read('DEFINE_HANDLER(frob) { return 1; }')).toMatchObject([
      { kind: 'function', name: 'frob', error: expect.stringContaining('DEFINE_HANDLER') as unknown },
    ]);
  });

  test('without a body are prototypes', () => {
    expect(read('extern int f(int a, struct file *);')).toMatchObject([
      { kind: 'prototype', name: 'f', returns: int, parameters: [{ name: 'a' }, { name: null }], storage: { extern: true } },
    ]);
  });

  test('point at their name', () => {
    const text = 'int f(void) { return 0; }';
    expect(parse(text).declarations).toMatchObject([{ nameSpan: { start: 4, end: 5 }, span: { start: 0, end: text.length } }]);
  });
});

describe('annotations that are not known by name', () => {
  test.each([
    ['before the type', 'VISIBLE_IF_FOO_KUNIT int f(int a) { return a; }', ['VISIBLE_IF_FOO_KUNIT'], int],
    ['before words of storage', 'FOO_SCOPE static int f(int a) { return a; }', ['FOO_SCOPE'], int],
    ['behind the type', 'static int debug_noinline f(int a) { return a; }', ['debug_noinline'], int],
    ['behind the type of a pointer', 'struct s FOO *f(int a) { return 0; }', ['FOO'], pointer(struct('s'), ['FOO'])],
  ])('are those of the function: %s', (_, text, attributes, returns) => {
    expect(read(text)).toMatchObject([{ kind: 'function', name: 'f', attributes, returns }]);
    expect(read(text.replace(/ \{.*/, ';'))).toMatchObject([{ kind: 'prototype', name: 'f', attributes, returns }]);
  });

  test('leave what has none as it is', () => {
    expect(read('foo_t (*f)(void);\nfoo_t f(void);\nconst foo_t x = 1;\nfoo_t const y;')).toMatchObject([
      { kind: 'variable', name: 'f' },
      { kind: 'prototype', name: 'f', returns: { kind: 'named', name: 'foo_t' }, attributes: [] },
      { kind: 'variable', name: 'x', attributes: ['const'] },
      { kind: 'variable', name: 'y', attributes: ['const'] },
    ]);
  });
});

describe('functions that do not parse', () => {
  test('say in which line, counted from one', () => {
    const unit = parse('int ok(void) { return 0; }\n\nint f(int a)\n{\n\tif (a +) return 1;\n\treturn 0;\n}\n');
    expect(unit.declarations).toMatchObject([
      { name: 'ok', error: null },
      { name: 'f', error: expect.stringMatching(/^line 5: /) as unknown },
    ]);
    expect(unit.errors).toEqual([]);
  });

  test('are converted as far as can be', () => {
    const [f] = parse('void f(void)\n{\n\tg();\n\tif (a +) h();\n\ti();\n}\n').declarations;
    expect(f).toMatchObject({ body: { statements: expect.arrayContaining([expect.objectContaining({ kind: 'expression' })]) as unknown } });
  });

  test('leave those beside them alone', () => {
    const unit = parse('int a(void) { return +; }\nint b(void) { return 1; }\n');
    expect(unit.declarations).toMatchObject([
      { name: 'a', error: expect.any(String) as unknown },
      { name: 'b', error: null },
    ]);
  });
});

describe('errors outside functions', () => {
  test('are told with their line', () => {
    const unit = parse('int a;\nint b = = 3;\nint c;\n');
    expect(unit.errors).toMatchObject([{ message: expect.stringMatching(/^line 2: /) as unknown }]);
  });
});

describe('variables', () => {
  test('have a type, storage and value', () => {
    expect(read('static const unsigned long long x = 1;')).toMatchObject([
      {
        kind: 'variable',
        name: 'x',
        type: { kind: 'integer', bits: 64, signed: false },
        storage: { static: true },
        initialiser: { value: 1n },
      },
    ]);
  });

  test('may share a declaration', () => {
    expect(read('extern int a, *b, c[2], (*d)(void);')).toMatchObject([
      { name: 'a', type: int },
      { name: 'b', type: pointer(int) },
      { name: 'c', type: { kind: 'array', of: int, length: { value: 2n } } },
      { name: 'd', type: { kind: 'pointer', to: { kind: 'function', returns: int, parameters: [] } } },
    ]);
  });

  test('arrays and pointers nest as C reads them', () => {
    expect(read('int *a[2]; int (*b)[2];')).toMatchObject([
      { type: { kind: 'array', of: pointer(int) } },
      { type: { kind: 'pointer', to: { kind: 'array', of: int } } },
    ]);
  });

  test('sparse annotations go to the pointer as well', () => {
    expect(read('struct file __rcu *f; int * __rcu *g;')).toMatchObject([
      { type: pointer(struct('file'), ['__rcu']), attributes: ['__rcu'] },
      { type: pointer(pointer(int), ['__rcu']) },
    ]);
  });

  test.each([
    ['unsigned char', 8, false],
    ['short', 16, true],
    ['unsigned', 32, false],
    ['long unsigned int', 64, false],
    ['long long', 64, true],
    ['u8', 8, false],
    ['__le32', 32, false],
    ['s64', 64, true],
    ['size_t', 64, false],
    ['loff_t', 64, true],
    ['uint32_t', 32, false],
    ['umode_t', 16, false],
    ['gfp_t', 32, false],
  ])('%s has %i bits', (type, bits, signed) => {
    expect(read(`${type} x;`)).toMatchObject([{ type: { kind: 'integer', bits, signed } }]);
  });

  test('bool is its own type, other names are left to be looked up', () => {
    expect(read('bool a; atomic_t b;')).toMatchObject([{ type: { kind: 'boolean' } }, { type: { kind: 'named', name: 'atomic_t' } }]);
  });
});

describe('records', () => {
  test('have fields in order', () => {
    expect(read('struct fuse_backing { struct file *file; unsigned int a:3, b:5; refcount_t count; int tail[]; } __packed;')).toMatchObject(
      [
        {
          kind: 'record',
          definition: {
            tag: 'fuse_backing',
            union: false,
            fields: [
              { name: 'file', type: pointer(struct('file')), bitWidth: null },
              { name: 'a', bitWidth: { value: 3n } },
              { name: 'b', bitWidth: { value: 5n } },
              { name: 'count', type: { kind: 'named', name: 'refcount_t' } },
              { name: 'tail', type: { kind: 'array', of: int, length: null } },
            ],
          },
        },
      ],
    );
  });

  test('may hold a union without a name', () => {
    expect(read('struct s { union { int a; struct { int b; }; }; };')).toMatchObject([
      {
        definition: {
          fields: [
            {
              name: null,
              type: {
                kind: 'record',
                union: true,
                tag: null,
                record: { fields: [{ name: 'a' }, { name: null, type: { record: { fields: [{ name: 'b' }] } } }] },
              },
            },
          ],
        },
      },
    ]);
  });

  test('may hold pointers to functions', () => {
    expect(read('struct ops { int (*open)(struct inode *, struct file *); };')).toMatchObject([
      {
        definition: { fields: [{ name: 'open', type: { kind: 'pointer', to: { kind: 'function', returns: int, parameters: [{}, {}] } } }] },
      },
    ]);
  });

  test('may have fields that macros make', () => {
    expect(read('struct s { DECLARE_BITMAP(bits, 65); struct_group(both, int a; int b;); DECLARE_FLEX_ARRAY(u8, tail); };')).toMatchObject([
      {
        definition: {
          fields: [
            { name: 'bits', type: { kind: 'array', of: { bits: 64 } } },
            { name: 'a', type: int },
            { name: 'b', type: int },
            { name: 'tail', type: { kind: 'array', of: { bits: 8 }, length: null } },
          ],
        },
      },
    ]);
  });

  test('annotated fields keep the annotation', () => {
    expect(read('struct s { struct file __rcu *f; int n __guarded_by(&lock); };')).toMatchObject([
      { definition: { fields: [{ attributes: ['__rcu'] }, { attributes: ['__guarded_by(&lock)'] }] } },
    ]);
  });

  test('defined where a variable is declared are told apart from it', () => {
    expect(read('static struct s { int a; } x;')).toMatchObject([
      { kind: 'record', definition: { tag: 's' } },
      { kind: 'variable', name: 'x' },
    ]);
  });
});

describe('enumerations', () => {
  test('have constants with and without values', () => {
    expect(read('enum mode { A, B = 1 << 3, C, };')).toMatchObject([
      {
        kind: 'enum',
        definition: {
          tag: 'mode',
          constants: [
            { name: 'A', value: null },
            { name: 'B', value: { kind: 'binary' } },
            { name: 'C', value: null },
          ],
        },
      },
    ]);
  });
});

describe('typedefs', () => {
  test('may be of names that are types in every tree', () => {
    expect(read('typedef unsigned long size_t;\ntypedef signed short int16_t;\ntypedef unsigned short u16;')).toEqual([
      { kind: 'typedef', name: 'size_t', type: { kind: 'integer', bits: 64, signed: false } },
      { kind: 'typedef', name: 'int16_t', type: { kind: 'integer', bits: 16, signed: true } },
      { kind: 'typedef', name: 'u16', type: { kind: 'integer', bits: 16, signed: false } },
    ]);
  });

  test('may be of types that gcc defines', () => {
    expect(read('typedef __SIZE_TYPE__ word;\ntypedef __INT16_TYPE__ half;')).toEqual([
      { kind: 'typedef', name: 'word', type: { kind: 'integer', bits: 64, signed: false } },
      { kind: 'typedef', name: 'half', type: { kind: 'integer', bits: 16, signed: true } },
    ]);
  });

  test('name a type', () => {
    expect(read('typedef int (*fn_t)(void *);\ntypedef struct { int v; } box_t;')).toMatchObject([
      { kind: 'typedef', name: 'fn_t', type: { kind: 'pointer', to: { kind: 'function' } } },
      { kind: 'typedef', name: 'box_t', type: { kind: 'record', record: { fields: [{ name: 'v' }] } } },
    ]);
  });
});

describe('macros at file level', () => {
  test('may give a value to what they declare', () => {
    expect(read('DEFINE_PER_CPU(struct s, x) = { .a = 1 };\nDEFINE_PER_CPU(int, y) = 2;')).toMatchObject([
      { kind: 'macro-use', name: 'DEFINE_PER_CPU' },
      { kind: 'macro-use', name: 'DEFINE_PER_CPU' },
    ]);
  });

  test('take keywords and names side by side', () => {
    expect(
      read('BTF_ID(struct, file)\nTRACE_EVENT(x, TP_STRUCT__entry(DEV_ENTRY __field(int, a)), TP_printk(DEV_FMT A_FMT "x", DEV_ARG));'),
    ).toMatchObject([
      { kind: 'macro-use', name: 'BTF_ID' },
      { kind: 'macro-use', name: 'TRACE_EVENT' },
    ]);
  });

  test('are uses with their arguments', () => {
    expect(read('EXPORT_SYMBOL_GPL(f);\nMODULE_LICENSE("GPL");\nstatic DEFINE_MUTEX(lock);')).toMatchObject([
      { kind: 'macro-use', name: 'EXPORT_SYMBOL_GPL', arguments: [{ text: 'f' }] },
      { kind: 'macro-use', name: 'MODULE_LICENSE', arguments: [{ text: '"GPL"' }] },
      { kind: 'macro-use', name: 'DEFINE_MUTEX', arguments: [{ text: 'lock' }] },
    ]);
  });

  test('may take statements', () => {
    expect(read('DEFINE_FREE(fb_put, struct fuse_backing *, if (_T) fuse_backing_put(_T))')).toMatchObject([
      {
        kind: 'macro-use',
        name: 'DEFINE_FREE',
        arguments: [{ text: 'fb_put' }, { kind: 'type' }, { kind: 'block', block: { statements: [{ kind: 'if' }] } }],
      },
    ]);
  });
});

describe('what stands beside declarations', () => {
  test('comments have their text and place', () => {
    expect(parse('/* a */ int x; // b\nchar *s = "/* no */";').comments).toEqual([
      { span: { start: 0, end: 7 }, text: '/* a */' },
      { span: { start: 15, end: 19 }, text: '// b' },
    ]);
  });

  test('macros, options and inactive parts come from the preprocessor', () => {
    const unit = parser.parse('x.c', '#include <linux/fs.h>\n#define N 3\n#ifdef CONFIG_X\nint a;\n#else\nint b;\n#endif\n', {
      option: () => false,
    });
    expect(unit.macros).toMatchObject([{ name: 'N', body: '3' }]);
    expect(unit.options).toEqual([{ name: 'CONFIG_X', value: false }]);
    expect(unit.inactive).toHaveLength(1);
    expect(unit.declarations).toMatchObject([{ kind: 'variable', name: 'b' }]);
  });

  test('offsets count UTF-16 code units', () => {
    const text = '/* é 🐧 */ int x;';
    expect(parse(text).declarations).toMatchObject([{ span: { start: text.indexOf('int'), end: text.length } }]);
  });
});
