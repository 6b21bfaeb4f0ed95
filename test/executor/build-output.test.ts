// What make printed, as steps and problems.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BuildOutput, buildStep } from '../../extension/executor/build-output.js';

const recorded = (name: string) => readFileSync(new URL(`../fixtures/kernel-logs/${name}`, import.meta.url), 'utf8');
const read = (text: string) => {
  const output = new BuildOutput('/src', '/build');
  for (const line of text.split('\n')) output.take(line);
  return output;
};

describe('steps', () => {
  test.each([
    ['  CC      fs/fuse/backing.o', 'CC', 'fs/fuse/backing.o'],
    ['  CC [M]  fs/fuse/backing.o', 'CC', 'fs/fuse/backing.o'],
    ['  LD [M]  fs/fuse/fuse.ko', 'LD', 'fs/fuse/fuse.ko'],
    ['  HOSTCC  scripts/basic/fixdep', 'HOSTCC', 'scripts/basic/fixdep'],
    ['\u001b[32m  AR      fs/built-in.a\u001b[0m', 'AR', 'fs/built-in.a'],
  ])('%s', (line, command, target) => {
    expect(buildStep(line)).toEqual({ command, target });
  });

  test.each([
    'make[1]: Entering directory',
    '#',
    '   30 | static int broken(void)',
    'fs/fuse/dev.c:1:2: error: x',
    'Kernel: arch/x86/boot/bzImage is ready  (#1)',
  ])('are not made of %s', (line) => {
    expect(buildStep(line)).toBeUndefined();
    expect(new BuildOutput('/src', '/build').take(line)).toBeNull();
  });
});

describe('problems', () => {
  test('are those of a compiler that was recorded, with their notes', () => {
    const output = read(recorded('build-error.txt'));
    const told = output.end().map(({ file, line, column, severity, message }) => [file, line, column, severity, message.split('\n')]);
    expect(told).toEqual([
      ['fs/fuse/backing.c', 30, 12, 'error', ['invalid storage class for function ‘broken’']],
      [
        'fs/fuse/backing.c',
        30,
        27,
        'error',
        [
          '‘undeclared’ undeclared (first use in this function)',
          'fs/fuse/backing.c:30: each undeclared identifier is reported only once for each function it appears in',
        ],
      ],
      [
        'fs/fuse/backing.c',
        30,
        67,
        'warning',
        [expect.stringContaining('passing argument 1'), expect.stringMatching(/^fs\/fuse\/backing\.c:15: expected/)],
      ],
      ['fs/fuse/backing.c', 30, 50, 'error', ['too many arguments to function ‘fuse_backing_get’', 'fs/fuse/backing.c:15: declared here']],
      ['fs/fuse/backing.c', 30, 50, 'warning', [expect.stringContaining('returning')]],
      ['fs/fuse/backing.c', 30, 12, 'warning', ['‘broken’ defined but not used [-Wunused-function]']],
    ]);
    expect(output.remarks).toEqual([]);
  });

  test('and those of kconfig', () => {
    const output = read(recorded('build-kconfig.txt'));
    expect(output.end()).toEqual([
      { file: 'fs/fuse/Kconfig', line: 2, column: 1, severity: 'error', message: 'syntax error' },
      { file: 'fs/fuse/Kconfig', line: 2, column: 1, severity: 'error', message: 'unknown statement "nonsense"' },
      { file: 'fs/fuse/Kconfig', line: 4, column: 1, severity: 'warning', message: expect.stringContaining('type redefinition') },
    ]);
  });

  test.each([
    ["ld: /src/fs/fuse/passthrough.c:4: undefined reference to `missing'", 'fs/fuse/passthrough.c', 4],
    ["/src/fs/fuse/passthrough.c:4: undefined reference to `missing'", 'fs/fuse/passthrough.c', 4],
    ["/src/fs/fuse/dev.c:3: multiple definition of `x'; a.o:/src/fs/fuse/dev.c:3: first defined here", 'fs/fuse/dev.c', 3],
    ['../src/fs/fuse/dev.c:3:1: fatal error: x.h: No such file or directory', 'fs/fuse/dev.c', 3],
    ['\u001b[1mfs/fuse/dev.c:3:1: \u001b[31merror: \u001b[0mexpected ;', 'fs/fuse/dev.c', 3],
    ['fs/fuse/Makefile:12: *** missing separator.  Stop.', 'fs/fuse/Makefile', 12],
  ])('have a place where one is told: %s', (line, file, number) => {
    const output = read(line);
    expect(output.end()).toEqual([expect.objectContaining({ file, line: number, severity: 'error' })]);
    expect(output.remarks).toEqual([]);
  });

  test.each([
    'ERROR: modpost: "fuse_missing" [fs/fuse/fuse.ko] undefined!',
    "make[4]: *** No rule to make target 'fs/fuse/gone.o', needed by 'fs/fuse/built-in.a'.  Stop.",
    "ld: vmlinux.o: in function `fuse_calls':",
    "passthrough.o:(.text+0x5): undefined reference to `missing'",
    '/bin/sh: 1: flex: not found',
    'fatal error: error writing to /build/x.s: No space left on device',
    '/usr/include/x.h:3:1: error: expected ;',
  ])('are remarks where none is: %s', (line) => {
    const output = read(line);
    expect(output.end()).toEqual([]);
    expect(output.remarks).toEqual([line]);
  });

  test('that a header has are told once', () => {
    const line = '/src/fs/fuse/fuse_i.h:99:3: error: unknown type name';
    expect(read(`${line}\n  CC      fs/fuse/dev.o\n${line}`).end()).toHaveLength(1);
  });
});
