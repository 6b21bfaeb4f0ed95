// Frames to lines of source, with what addr2line answered for a recorded log.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LogFrame } from '../../extension/executor/call-trace.js';
import { readKernelLog } from '../../extension/executor/kernel-log.js';
import { treePath } from '../../extension/executor/source-paths.js';
import { readSymbols, symbolise, runTool, type SymboliserInput, type Tool } from '../../extension/executor/symbols.js';

const recorded = (name: string) => readFileSync(new URL(`../fixtures/kernel-logs/shared-backing.${name}`, import.meta.url), 'utf8');
const from = { root: '/src', build: '/build' };
const symbols = readSymbols(recorded('System.map'));
const input = (run: Tool, more: Partial<SymboliserInput> = {}): SymboliserInput => ({
  vmlinux: '/build/vmlinux',
  symbols,
  from,
  run,
  programs: ['addr2line', 'llvm-addr2line'],
  ...more,
});
const frame = (name: string, offset: number, size: number, more: Partial<LogFrame> = {}): LogFrame => ({
  function: name,
  offset,
  size,
  module: null,
  inlined: false,
  sure: true,
  at: null,
  exact: false,
  ...more,
});

describe('the frames of a report', () => {
  const asked: string[] = [];
  const answer: Tool = (program, args, text) => {
    asked.push([program, ...args].join(' '), text);
    return Promise.resolve(recorded('addr2line.txt'));
  };
  const { reports } = readKernelLog(recorded('log'));
  const traces = reports.flatMap(({ frames, related }) => [frames, ...related.map((trace) => trace.frames)]);

  test('lead to lines of the tree, inlined calls above those that they were inlined into, in one go', async () => {
    const { traces: found, warning } = await symbolise(traces, input(answer));
    expect(warning).toBeNull();
    expect(asked[0]).toBe('addr2line -e /build/vmlinux -f -i -a');
    expect(asked).toHaveLength(2);
    expect(found).toHaveLength(traces.length);
    const sure = found[0]!.filter((each) => each.sure);
    expect(sure.slice(5, 11).map((each) => [each.function, each.inlined, each.at])).toEqual([
      ['refcount_inc_not_zero', true, { file: 'include/linux/refcount.h', line: 335 }],
      ['fuse_backing_get', false, { file: 'fs/fuse/backing.c', line: 17 }],
      ['fuse_backing_lookup', false, { file: 'fs/fuse/backing.c', line: 226 }],
      ['fuse_backing_close', false, { file: 'fs/fuse/backing.c', line: 175 }],
      ['fuse_dev_ioctl_backing_close', true, { file: 'fs/fuse/dev.c', line: 2331 }],
      ['fuse_dev_ioctl', false, { file: 'fs/fuse/dev.c', line: 2358 }],
    ]);
    expect(sure[6]).toEqual({
      function: 'fuse_backing_get',
      offset: 0x68,
      size: 0xf0,
      module: null,
      inlined: false,
      sure: true,
      at: { file: 'fs/fuse/backing.c', line: 17 },
    });
  });

  test('stay as they are without a program that knows, and it is said', async () => {
    const none: Tool = () => Promise.reject(new Error('not found'));
    const { traces: found, warning } = await symbolise(traces, input(none));
    expect(warning).toBe('call traces have no lines of source: install binutils (addr2line: not found; llvm-addr2line: not found)');
    expect(found.flat().every(({ at }) => at === null)).toBe(true);
    expect(found.map((each) => each.length)).toEqual(traces.map((each) => each.length));
  });

  test('are asked of the next program where the first is missing', async () => {
    const second: Tool = (program, args, text) =>
      program === 'addr2line' ? Promise.reject(new Error('not found')) : answer(program, args, text);
    const { traces: found, warning } = await symbolise(traces, input(second));
    expect(warning).toBeNull();
    expect(found.flat().some(({ at }) => at?.file === 'fs/fuse/backing.c')).toBe(true);
  });

  test('and it is said where the kernel has no debugging information', async () => {
    const blank: Tool = (_, __, text) => Promise.resolve(text.replace(/\n/g, '\n??\n??:0\n'));
    expect((await symbolise(traces, input(blank))).warning).toBe('call traces have no lines of source: /build/vmlinux tells none');
  });
});

describe('addresses', () => {
  const table = readSymbols('0000000000001000 t show\n0000000000001040 T other\n0000000000001080 t show\n00000000000010f0 T last\n');
  const asks = async (...frames: LogFrame[]) => {
    let text = '';
    const run: Tool = (_, __, asked) => {
      text = asked;
      return Promise.resolve('');
    };
    await symbolise([frames], input(run, { symbols: table }));
    return text.trim().split('\n');
  };

  test('are those of calls, one before where they return to, but for the instruction itself', async () => {
    expect(await asks(frame('other', 0x10, 0x40))).toEqual(['0x104f']);
    expect(await asks(frame('other', 0x10, 0x40, { exact: true }))).toEqual(['0x1050']);
    expect(await asks(frame('other', 0, 0x40, { sure: false }))).toEqual(['0x1040']);
  });

  test('of functions of one name are told apart by size', async () => {
    expect(await asks(frame('show', 0x10, 0x40), frame('show', 0x10, 0x70))).toEqual(['0x100f', '0x108f']);
    expect(await asks(frame('show', 0x10, 0x50))).toEqual(['']);
  });

  test('of modules and of unknown functions are not asked for', async () => {
    expect(await asks(frame('other', 0x10, 0x40, { module: 'canary' }), frame('missing', 1, 2))).toEqual(['']);
  });
});

describe('paths', () => {
  test.each([
    ['/src/fs/fuse/backing.c', 'fs/fuse/backing.c'],
    ['/src/./include/linux/../linux/list.h', 'include/linux/list.h'],
    ['fs/fuse/backing.c', 'fs/fuse/backing.c'],
    ['./include/linux/list.h', 'include/linux/list.h'],
    ['../src/fs/fuse/dev.c', 'fs/fuse/dev.c'],
    ['include/generated/autoconf.h', null],
    ['/build/include/generated/bounds.h', null],
    ['/usr/include/stdio.h', null],
    ['../../etc/passwd', null],
  ])('%s is %s of the tree', (path, expected) => {
    expect(treePath(path, from)).toBe(expected);
  });

  test('of a build inside the tree lead upward to it', () => {
    expect(treePath('../fs/fuse/dev.c', { root: '/src', build: '/src/out' })).toBe('fs/fuse/dev.c');
    expect(treePath('/src/out/kernel/x.c', { root: '/src', build: '/src/out' })).toBeNull();
    expect(treePath('fs/fuse/dev.c', { root: '/src', build: '/src' })).toBe('fs/fuse/dev.c');
  });
});

const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe.runIf(['gcc', 'nm', 'addr2line'].every(has))('a program that gcc built', () => {
  test('has its lines found', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'symbols-'));
    try {
      const source = join(folder, 'a.c');
      writeFileSync(
        source,
        'static inline int inner(volatile int *p)\n{\n  return *p;\n}\nint outer(volatile int *p)\n{\n  return inner(p) + 1;\n}\nint main(void) { return 0; }\n',
      );
      const program = join(folder, 'a.out');
      execFileSync('gcc', ['-g1', '-O2', '-o', program, source]);
      const table = readSymbols(execFileSync('nm', ['-n', program], { encoding: 'utf8' }));
      const { traces } = await symbolise([[frame('outer', 0, 0, { size: null, exact: true })]], {
        vmlinux: program,
        symbols: table,
        from: { root: folder, build: '/elsewhere' },
        run: runTool,
        programs: ['no-such-program-at-all', 'addr2line'],
      });
      expect(traces[0]!.at(-1)).toMatchObject({ function: 'outer', inlined: false, at: { file: 'a.c' } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('and a missing program is named', async () => {
    const { warning } = await symbolise([[frame('fuse_backing_get', 1, 0xf0)]], input(runTool, { programs: ['no-such-program-at-all'] }));
    expect(warning).toContain('no-such-program-at-all: not found');
  });
});
