// How many objects a build makes: what make says that it would, and how much of that is done.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ObjectCount, objectOf, ObjectPlans, plannedObject } from '../../extension/executor/object-plan.js';

describe('an object', () => {
  test.each([
    ['  CC      fs/fuse/backing.o', 'fs/fuse/backing.o'],
    ['  CC [M]  fs/fuse/backing.o', 'fs/fuse/backing.o'],
    ['  AS      arch/x86/entry/entry_64.o', 'arch/x86/entry/entry_64.o'],
    ['\u001b[32m  CC      fs/fuse/dev.o\u001b[0m', 'fs/fuse/dev.o'],
  ])('of the kernel is made where kbuild says: %s', (line, object) => {
    expect(objectOf(line)).toBe(object);
  });

  test.each([
    '  HOSTCC  scripts/basic/fixdep',
    '  CC      scripts/mod/empty.o',
    '  CC      /build/tools/objtool/check.o',
    '  CC      arch/x86/kernel/asm-offsets.s',
    '  AR      fs/fuse/built-in.a',
    '  LD      vmlinux.o',
    'fs/fuse/dev.c:1:2: error: x',
  ])('is not made by: %s', (line) => {
    expect(objectOf(line)).toBeNull();
  });

  test('is read of what make -n prints, which runs nothing', () => {
    expect(plannedObject("\tset -e;  echo '  CC      init/main.o'; trap 'rm -f init/main.o; trap - HUP' HUP; gcc -c -o init/main.o")).toBe(
      'init/main.o',
    );
    expect(plannedObject("set -e; echo '  CC [M]  fs/fuse/dev.o'; gcc")).toBe('fs/fuse/dev.o');
    expect(plannedObject("set -e; echo '  AR      init/built-in.a'; ar")).toBeNull();
    expect(plannedObject('gcc -c -o init/main.o init/main.c')).toBeNull();
    expect(plannedObject("echo >&2 '*** configuration is missing'")).toBeNull();
  });
});

describe('a count of objects', () => {
  const made = (count: ObjectCount, ...objects: string[]): ObjectCount['progress'] => {
    for (const object of objects) count.take(`  CC      ${object}`);
    return count.progress;
  };

  test('is of how many there are, each once', () => {
    const count = new ObjectCount(new Set(['a.o', 'b.o', 'c.o']));
    expect(count.progress).toEqual({ done: 0, total: 3 });
    expect(made(count, 'a.o', 'a.o', 'b.o')).toEqual({ done: 2, total: 3 });
    count.take('  LD      vmlinux.o');
    expect(made(count, 'c.o')).toEqual({ done: 3, total: 3 });
  });

  test('does not count what was not planned before all that was is made, and says no number then', () => {
    const count = new ObjectCount(new Set(['a.o', 'b.o']));
    expect(made(count, 'a.o', 'x.o', 'y.o')).toEqual({ done: 1, total: 2 });
    expect(made(count, 'b.o')).toEqual({ done: 4, total: null });
    expect([...count.objects]).toEqual(['a.o', 'x.o', 'y.o', 'b.o']);
  });

  test('has no total where none is known', () => {
    const count = new ObjectCount(null);
    expect(count.progress).toEqual({ done: 0, total: null });
    expect(made(count, 'a.o')).toEqual({ done: 1, total: null });
  });
});

describe('plans', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'plans-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('are kept by configuration', () => {
    const plans = new ObjectPlans(join(folder, 'objects'));
    expect(plans.read('# Linux 7.2')).toBeUndefined();
    plans.write('# Linux 7.2', new Set(['a.o', 'b.o']));
    plans.write('# Linux 6.12', new Set(['c.o']));
    expect(plans.read('# Linux 7.2')).toEqual(new Set(['a.o', 'b.o']));
    expect(new ObjectPlans(join(folder, 'objects')).read('# Linux 6.12')).toEqual(new Set(['c.o']));
  });

  test('do not become more and more', () => {
    const plans = new ObjectPlans(folder);
    for (let each = 0; each < 60; each++) plans.write(`${each}`, new Set(['a.o']));
    expect(readdirSync(folder)).toHaveLength(50);
    expect(plans.read('59')).toBeDefined();
  });
});
