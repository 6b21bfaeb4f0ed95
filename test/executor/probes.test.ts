// What is asked of the compiler and of the kernel to show calls, and what is said where they don't have it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { layoutsProgram, parseLayouts, readLayouts, refusedFields, wantedLayouts, type Layouts } from '../../extension/executor/layouts.js';
import { probePlan, refusedNote, withoutUnread } from '../../extension/executor/probes.js';
import { runProcess } from '../../extension/executor/processes.js';
import type { Probes } from '../../extension/model/probes.js';

const object = { name: 'obj', type: 'struct object', fields: ['count', 'refs.counter'] };
const probes: Probes = {
  headers: ['object.h'],
  functions: [
    { name: 'object_get', arguments: [{ index: 2, ...object }], result: null },
    { name: 'object_find', arguments: [{ index: 1, name: 'id', type: 'int', fields: [] }], result: object },
  ],
  tracepoints: ['objects'],
};
const layouts: Layouts = {
  'struct object.count': { offset: 16, size: 4, kind: 'signed' },
  'struct object.refs.counter': { offset: 24, size: 8, kind: 'unsigned' },
};

describe('probes', () => {
  test('are lines for the beginning and the return, with what lies behind addresses', () => {
    expect(probePlan(probes, layouts, () => true)).toEqual({
      lines: [
        'p:review/object_get object_get obj=$arg2:x64 count=+16($arg2):s32 refs_counter=+24($arg2):u64',
        'p:review/object_find object_find id=$arg1:s32',
        'r:review/object_find_returns object_find obj=$retval:x64 count=+16($retval):s32 refs_counter=+24($retval):u64',
        'objects',
      ],
      notes: [],
    });
  });

  test('leave out, and tell, what the tree lacks', () => {
    const partial = { ...layouts, 'struct object.count': 'no member named count' };
    expect(probePlan(probes, partial, (name) => name === 'object_get')).toEqual({
      lines: ['p:review/object_get object_get obj=$arg2:x64 refs_counter=+24($arg2):u64', 'objects'],
      notes: ['not shown: the kernel has no object_find()', 'not shown: struct object.count: no member named count'],
    });
  });

  test('that the kernel refuses are told', () => {
    expect(refusedNote('p:review/get get obj=$arg1:x64')).toBe('not shown: the kernel refused a probe at the beginning of get()');
    expect(refusedNote('r:review/get_returns get')).toBe('not shown: the kernel refused a probe at the return of get()');
    expect(refusedNote('objects')).toBe("not shown: the kernel has no trace events 'objects'");
  });

  test.each([
    ['0x0', ['obj']],
    ['0x10', ['obj']],
    ['0xfffffffffffffffe', ['obj']],
    ['0xff11000002554e40', ['obj', 'count']],
  ])('show nothing behind what is no address: %s', (obj, shown) => {
    const event = { seconds: 1, name: 'object_find_returns', fields: { obj, count: '0' } };
    expect(Object.keys(withoutUnread(event, probes).fields)).toEqual(shown);
  });

  test('leave other events as they are', () => {
    const event = { seconds: 1, name: 'objects_event', fields: { obj: '0x0', count: '0' } };
    expect(withoutUnread(event, probes)).toBe(event);
  });
});

describe('layouts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'layouts-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('are asked for once each', () => {
    expect(wantedLayouts(probes)).toEqual({ headers: ['object.h'], fields: ['struct object.count', 'struct object.refs.counter'] });
  });

  test('are read from what the compiler made of the program', () => {
    const text = '\t.ascii "->0 16 4 0"\n\t.ascii "->1 24 8 2"\n\t.ascii "->2 0 40 0"\n';
    expect(parseLayouts(text, ['struct a.b', 'struct a.c', 'struct a.d'])).toEqual({
      'struct a.b': { offset: 16, size: 4, kind: 'signed' },
      'struct a.c': { offset: 24, size: 8, kind: 'address' },
      'struct a.d': 'has 40 bytes, which is no number',
    });
  });

  test('that the compiler refuses are told by their lines', () => {
    const wanted = wantedLayouts(probes);
    const at =
      layoutsProgram(wanted)
        .split('\n')
        .findIndex((line) => line.includes('->1 ')) + 1;
    const output = [`/b/layouts.c:${at}:3: error: 'struct object' has no member named 'refs'`, `/b/layouts.c:${at}:3: error: and more`];
    expect([...refusedFields(output, wanted)]).toEqual([['struct object.refs.counter', "'struct object' has no member named 'refs'"]]);
  });

  test('come from a real compiler, also where it knows some only', async () => {
    const fields = ['signed_one', 'small', 'pointer', 'many', 'absent', 'bits', 'inner.count', 'flag'].map(
      (name) => `struct object.${name}`,
    );
    const members =
      'long signed_one; unsigned char small; void *pointer; char many[40]; int bits : 3; struct { int count; } inner; _Bool flag;';
    writeFileSync(join(folder, 'object.h'), `struct object { ${members} };`);
    const wanted = { headers: ['absent.h', 'object.h'], fields: [...fields, 'struct nothing.count'] };
    const found = await readLayouts(folder, folder, wanted, (goals, onLine) => {
      expect(goals).toEqual([`M=${folder}`, 'layouts.s']);
      return runProcess('gcc', ['-S', '-O2', `-I${folder}`, '-o', join(folder, 'layouts.s'), join(folder, 'layouts.c')], { onLine });
    });
    expect(found).toMatchObject({
      'struct object.signed_one': { offset: 0, size: 8, kind: 'signed' },
      'struct object.small': { offset: 8, size: 1, kind: 'unsigned' },
      'struct object.pointer': { offset: 16, size: 8, kind: 'address' },
      'struct object.many': 'has 40 bytes, which is no number',
      'struct object.inner.count': { size: 4, kind: 'signed' },
      'struct object.flag': { size: 1, kind: 'unsigned' },
      'struct object.absent': expect.stringContaining('no member named') as string,
      'struct object.bits': expect.stringContaining('bit-field') as string,
      'struct nothing.count': expect.stringContaining('struct nothing') as string,
    });
  });
});
