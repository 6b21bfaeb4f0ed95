import { kernelLoader } from '../../extension/kernel/loader.js';
import { describe, expect, test } from 'vitest';
import { findSubsystem } from '../../extension/program/find-subsystem.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import { fuse } from '../support/fuse.js';
import { memoryTree } from '../support/memory-tree.js';
import { lowering } from './lowering.js';

const c = lowering();

const files = {
  'fs/fuse/Kconfig': 'config FUSE_FS\n\ttristate "FUSE"\nconfig FUSE_PASSTHROUGH\n\tbool "p"\n\tdefault y\n',
  'fs/fuse/Makefile': 'obj-$(CONFIG_FUSE_FS) += fuse.o\nfuse-y := a.o\nfuse-$(CONFIG_FUSE_PASSTHROUGH) += b.o\n',
  'fs/fuse/fuse_i.h':
    '#define FUSE_LIMIT (1 << 3)\nenum { FIRST = 3, SECOND, THIRD = FUSE_LIMIT + SECOND };\nstruct fuse_conn { int n; };\n#ifdef CONFIG_FUSE_PASSTHROUGH\nint pass(int x);\n#else\nstatic inline int pass(int x) { return 0; }\n#endif\n',
  'fs/fuse/a.c': 'static int helper(void) { return 1; }\nint a(int x) { return helper() + pass(x); }\n',
  'fs/fuse/b.c': 'static int helper(void) { return 2; }\nint pass(int x) { return helper(); }\n',
};

function loader(): ProgramLoader {
  return kernelLoader(c.parser);
}

const options = (config: Record<string, boolean> = {}) => ({
  folder: 'fs/fuse',
  headers: fuse.headers,
  config: new Map(Object.entries(config)),
});

describe('a program', () => {
  test('resolves statics within their file and other names across files', () => {
    const program = loader().load(memoryTree(files), options());
    expect(program.notAnalysed).toEqual([]);
    expect(program.resolve('helper', 'fs/fuse/a.c')?.file).toBe('fs/fuse/a.c');
    expect(program.resolve('helper', 'fs/fuse/b.c')?.file).toBe('fs/fuse/b.c');
    expect(program.resolve('helper', 'fs/fuse/fuse_i.h')).toBeUndefined();
    expect(program.resolve('pass', 'fs/fuse/a.c')?.file).toBe('fs/fuse/b.c');
  });

  test('leaves out what the options leave out', () => {
    const program = loader().load(memoryTree(files), options({ FUSE_PASSTHROUGH: false }));
    expect(program.units.map((unit) => unit.file)).not.toContain('fs/fuse/b.c');
    expect(program.resolve('pass', 'fs/fuse/a.c')?.file).toBe('fs/fuse/fuse_i.h');
  });

  test('knows constants, records and error numbers, also without include/', () => {
    const program = loader().load(memoryTree(files), options());
    expect(
      ['FUSE_LIMIT', 'SECOND', 'THIRD', 'ENOMEM', 'ELOOP', 'EWOULDBLOCK', 'ETXTBSY', 'EIOCBQUEUED'].map((name) => program.constant(name)),
    ).toEqual([8n, 4n, 12n, 12n, 40n, 11n, 26n, 529n]);
    expect(program.constant('helper')).toBeUndefined();
    expect(program.record('fuse_conn')?.fields.map((field) => field.name)).toEqual(['n']);
  });

  test('wraps constants as C does', () => {
    const program = loader().load(
      memoryTree({
        'fs/fuse/x.h':
          '#define ALL (~0U)\n#define BIG (1ULL << 63)\n#define MINUS (-1)\n#define TOP BIT(31)\n#define CHOICE (ALL > 3 ? 1 : 2)\n#define LOOP (LOOP + 1)\n#define CAST ((u8)300)\n',
      }),
      options(),
    );
    expect(['ALL', 'BIG', 'MINUS', 'TOP', 'CHOICE', 'LOOP', 'CAST'].map((name) => program.constant(name))).toEqual([
      0xffffffffn,
      1n << 63n,
      -1n,
      1n << 31n,
      1n,
      undefined,
      44n,
    ]);
  });

  test('says what is wrong, and where, and goes on', () => {
    const program = loader().load(memoryTree({ 'fs/fuse/x.c': 'int f(void)\n{\n\treturn ];\n}\nint g(void) { return 0; }\n' }), options());
    expect(program.functions.map((each) => each.name)).toContain('g');
    expect(program.notAnalysed.some((each) => /^line \d+: /.test(each.reason))).toBe(true);
  });

  test('is empty for a folder that is not there', () => {
    expect(loader().load(memoryTree({}), { folder: 'no/where', config: new Map() }).functions).toEqual([]);
  });
});

describe('a reload', () => {
  test('keeps graphs of functions whose text did not change', () => {
    const one = loader();
    const before = one.load(memoryTree(files), options());
    const after = one.load(memoryTree({ ...files, 'fs/fuse/a.c': files['fs/fuse/a.c'].replace('return 1', 'return 9') }), options());
    expect(after.resolve('pass', 'fs/fuse/b.c')).toBe(before.resolve('pass', 'fs/fuse/b.c'));
    expect(after.resolve('helper', 'fs/fuse/a.c')).not.toBe(before.resolve('helper', 'fs/fuse/a.c'));
  });

  test('moves graphs of functions that only moved', () => {
    const one = loader();
    one.load(memoryTree(files), options());
    const text = `/* one line more */\n${files['fs/fuse/a.c']}`;
    const moved = one.load(memoryTree({ ...files, 'fs/fuse/a.c': text }), options()).resolve('a', 'fs/fuse/a.c');
    const call = moved?.blocks[0]?.instructions[0];
    expect(call && text.slice(call.span.start, call.span.end)).toBe('helper()');
    expect(moved && text.slice(moved.nameSpan.start, moved.nameSpan.end)).toBe('a');
  });

  test('lowers again what a changed macro may change', () => {
    const one = loader();
    const tree = (limit: string) =>
      memoryTree({ 'fs/fuse/x.h': `#define LIMIT ${limit}\n`, 'fs/fuse/x.c': 'int f(void) { return LIMIT; }' });
    const value = (limit: string) => one.load(tree(limit), options()).functions[0]?.blocks[0]?.terminator;
    expect(value('3')).toMatchObject({ value: { value: 3n } });
    expect(value('4')).toMatchObject({ value: { value: 4n } });
    expect(value('3')).toMatchObject({ value: { value: 3n } });
  });

  test('tells assumed options again', () => {
    const one = loader();
    const tree = memoryTree({ 'fs/fuse/x.c': 'int f(void) { return IS_ENABLED(CONFIG_ODD); }' });
    for (let round = 0; round < 2; round++)
      expect(one.load(tree, options()).assumedOptions).toContainEqual({ name: 'CONFIG_ODD', value: true });
  });
});

describe('the subsystem', () => {
  const text = 'int fuse_backing_open(struct fuse_conn *fc, struct fuse_backing_map *map)\n{\n\treturn 0;\n}\n';

  test('is where fuse_backing_open is defined, whatever the file is called', () => {
    expect(findSubsystem(memoryTree({ 'fs/fuse/odd.c': text, 'fs/ext4/x.c': '' }), fuse)).toEqual(['fs/fuse']);
    expect(findSubsystem(memoryTree({ 'fs/fuse/odd.c': 'int fuse_backing_open(int x);\n', 'fs/other/a.c': text }), fuse)).toEqual([
      'fs/other',
    ]);
    expect(findSubsystem(memoryTree({ 'src/deep/a.c': text }), fuse)).toEqual(['src/deep']);
    expect(findSubsystem(memoryTree({ 'a.c': text }), fuse)).toEqual(['']);
  });

  test('is nowhere in a tree that only calls or declares it', () => {
    expect(findSubsystem(memoryTree({ 'fs/fuse/dev.c': 'int g(void) { return fuse_backing_open(a, b); }\n' }), fuse)).toEqual([]);
  });
});
