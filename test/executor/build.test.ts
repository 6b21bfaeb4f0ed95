// Builds that fail, are cancelled or meet, on a tree whose Makefile is ours.
import type { Result } from '../../extension/model/result.js';
import { failureOf, valueOf } from '../support/result.js';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { buildKernel, type KernelSource } from '../../extension/executor/build.js';
import type { KernelImage } from '../../extension/executor/images.js';
import type { ExecutionFailure, ExecutionHandling } from '../../extension/executor/request.js';
import type { ExecutionPhase } from '../../extension/model/execution.js';
import { processesNaming } from './processes-left.js';

/** What a kernel's has, as far as a build asks for it; the file `slow-GOAL` lets a goal take its time, `full` fills the disk. */
const makefile = `
slow = @if [ -e slow-$@ ]; then sleep 100; fi
ifneq ($(M),)
modules:
\tcp $(M)/canary.c $(M)/canary.ko
else
allnoconfig:
\t$(slow)
\tcp $(KCONFIG_ALLCONFIG) $(O)/.config
\techo configured >> $(O)/configured
prepare:
	@echo '  HOSTCC  scripts/basic/fixdep'
bzImage: $(O)/main.o
\t$(slow)
\t@if [ -e full ]; then echo 'fatal error: error writing to /tmp/x.s: No space left on device' >&2; exit 1; fi
\tmkdir -p $(O)/arch/x86/boot
\tcp $(O)/main.o $(O)/vmlinux
\tcp $(O)/main.o $(O)/System.map
\tcp $(O)/main.o $(O)/arch/x86/boot/bzImage
modules: bzImage
$(O)/main.o: fs/toy/main.c
\t@echo '  CC      fs/toy/main.o'
\t@gcc -c -Wall -o $@ $(CURDIR)/$<
endif
`;

let folder: string;
let root: string;
let cache: string;
let source: KernelSource;

function put(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'build-'));
  root = join(folder, 'tree');
  cache = join(folder, 'cache');
  put('tree/Makefile', makefile);
  put('tree/arch/x86/Makefile', '');
  put('tree/fs/toy/main.c', 'int main(void) { return 0; }\n');
  for (const name of ['common', 'verdict', 'toy']) put(`guest/config/${name}.config`, `CONFIG_${name.toUpperCase()}=y\n`);
  put('guest/module/canary.c', 'canary');
  source = { root, files: {}, folder: 'fs/toy', subsystem: 'toy', profile: 'verdict', config: {} };
});
afterEach(async () => {
  await vi.waitFor(() => expect(processesNaming(folder)).toEqual([]), 3000);
  rmSync(folder, { recursive: true, force: true });
});

function tried(
  changed: Partial<KernelSource> = {},
  handling: ExecutionHandling = {},
  to = cache,
): Promise<Result<KernelImage, ExecutionFailure>> {
  return buildKernel({ ...source, ...changed }, { guest: join(folder, 'guest'), cache: to }, handling);
}

async function build(...parameters: Parameters<typeof tried>): Promise<KernelImage> {
  return valueOf(await tried(...parameters));
}

/** Cancels a build as soon as it is in that phase. */
async function cancelled(phase: ExecutionPhase, changed: Partial<KernelSource>): Promise<void> {
  const ending = new AbortController();
  const onProgress = (progress: { readonly phase: ExecutionPhase }): void => {
    if (progress.phase === phase) setTimeout(() => ending.abort(new Error('enough')), 200);
  };
  await expect(build(changed, { signal: ending.signal, onProgress })).rejects.toThrow('enough');
}

async function failureFrom(changed: Partial<KernelSource>, to = cache): Promise<ExecutionFailure> {
  return failureOf(await tried(changed, {}, to));
}

const configuration = (image: KernelImage): string => readFileSync(join(image.build, '.config'), 'utf8');
const timesConfigured = (image: KernelImage): number => readFileSync(join(image.build, 'configured'), 'utf8').split('\n').length - 1;

describe('a build', () => {
  test('is kept for the same sources, configuration and compiler, and told step by step', async () => {
    const told: string[] = [];
    const image = await build({}, { onProgress: ({ phase, text }) => told.push(`${phase} ${text}`) });
    expect(told).toEqual([
      'prepare looking at the tree',
      'prepare copying the tree',
      'configure verdict',
      'configure scripts/basic/fixdep',
      'count the objects to build',
      'compile fs/toy/main.o',
    ]);
    expect([image.bzImage, image.vmlinux, image.systemMap, image.module].map((path) => existsSync(path))).toEqual([true, true, true, true]);
    expect(configuration(image)).toBe('CONFIG_COMMON=y\nCONFIG_VERDICT=y\nCONFIG_TOY=y\n');
    const output: string[] = [];
    expect(await build({}, { onOutput: (line) => output.push(line) })).toEqual(image);
    expect(output).toEqual([]);
    const other = await build({ files: { 'fs/toy/main.c': 'int main(void) { return 1; }\n' } });
    expect(other.key).not.toBe(image.key);
    expect(readFileSync(other.bzImage).equals(readFileSync(image.bzImage))).toBe(false);
  });

  test('counts its objects of those that make says it would make, and of those of the last build of that configuration', async () => {
    const counts = async (changed: Partial<KernelSource>): Promise<readonly string[]> => {
      const told: string[] = [];
      await build(changed, {
        onProgress: ({ phase, done, total, text }) => {
          if (phase === 'compile' || phase === 'count') told.push(`${text}: ${done} of ${total ?? 'unknown'}`);
        },
      });
      return told;
    };
    // What make does not tell before it has linked.
    const late = { Makefile: makefile.replace('\tmkdir -p', '\t@sh -c \'printf "  CC      late.o\\n"\'\n\tmkdir -p') };
    expect(await counts({ files: late })).toEqual(['the objects to build: 0 of unknown', 'fs/toy/main.o: 1 of 1', 'late.o: 2 of unknown']);
    // Only a first build makes all of them.
    const changed = { ...late, 'fs/toy/main.c': 'int other;\n' };
    expect(await counts({ files: changed })).toEqual(['fs/toy/main.o: 1 of unknown', 'late.o: 2 of unknown']);
    rmSync(join(cache, 'trees'), { recursive: true });
    expect(await counts({ files: { ...changed, 'fs/toy/main.c': 'int another;\n' } })).toEqual(['fs/toy/main.o: 1 of 2', 'late.o: 2 of 2']);
    rmSync(join(cache, 'trees'), { recursive: true });
    const other = await counts({ files: late, config: { TOY: false } });
    expect(other[0]).toBe('the objects to build: 0 of unknown');
  });

  test('that make can tell nothing of is counted without a total', async () => {
    const told: string[] = [];
    const files = { Makefile: makefile.replace('prepare:', 'prepare:\n\t@exit 1') };
    await build({ files }, { onProgress: ({ phase, done, total }) => told.push(`${phase} ${done} of ${total ?? 'unknown'}`) });
    expect(told.at(-1)).toBe('compile 1 of unknown');
  });

  test('does not show what make would do as what it does', async () => {
    const output: string[] = [];
    await build({}, { onOutput: (line) => output.push(line) });
    expect(output.filter((line) => line.includes('fs/toy/main.o') && line.includes('echo'))).toEqual([]);
    expect(output.filter((line) => line === '  CC      fs/toy/main.o')).toHaveLength(1);
  });

  test('is configured anew where options of the tree or of the user differ, and only then', async () => {
    await build();
    const changed = await build({ files: { 'fs/toy/main.c': 'int other;\n' } });
    expect(timesConfigured(changed)).toBe(1);
    expect(timesConfigured(await build({ files: { 'fs/toy/Kconfig': 'config TOY\n' } }))).toBe(2);
    const image = await build({ config: { TOY: false } });
    expect(timesConfigured(image)).toBe(3);
    expect(configuration(image)).toContain('CONFIG_TOY=n');
  });

  test('that does not compile tells errors at their places, and the next one works', async () => {
    const { message, problems } = await failureFrom({ files: { 'fs/toy/main.c': 'int a;\nint b = nowhere;\n' } });
    expect(message).toMatch(/^the kernel could not be built: fs\/toy\/main\.c:2: .*nowhere/);
    expect(problems).toContainEqual(expect.objectContaining({ file: 'fs/toy/main.c', line: 2, severity: 'error' }));
    await build();
  });

  test('without space on the disk says so, whoever notices', async () => {
    expect((await failureFrom({ files: { full: '' } })).message).toMatch(/^the kernel could not be built: .*no space left on/i);
    await build();
  });

  test('of what is no whole tree is refused', async () => {
    rmSync(join(root, 'arch'), { recursive: true });
    expect((await failureFrom({})).message).toMatch(/is not a whole kernel tree: it has no arch\/x86\/Makefile/);
  });

  test.each([
    ['configure', 'slow-allnoconfig'],
    ['compile', 'slow-bzImage'],
  ] as const)('that is cancelled in phase %s leaves no process, and the next one works', async (phase, slow) => {
    await cancelled(phase, { files: { [slow]: '' } });
    await vi.waitFor(() => expect(processesNaming(folder)).toEqual([]), 3000);
    expect(configuration(await build())).toContain('CONFIG_TOY=y');
  });

  test('that is cancelled while it is configured leaves no configuration of another', async () => {
    await build();
    await cancelled('configure', { files: { 'slow-allnoconfig': '' }, config: { TOY: false } });
    expect(configuration(await build({ config: { TOY: false } }))).toContain('CONFIG_TOY=n');
  });

  test('waits for another of the same tree, and takes what that built', async () => {
    const told: string[] = [];
    const handling = { onProgress: ({ text }: { readonly text: string }) => void told.push(text) };
    const files = {
      'fs/toy/main.c': '#include "slow.h"\n',
      'fs/toy/slow.h': 'int x;\n',
      Makefile: makefile.replace('@gcc', '@sleep 1; gcc'),
    };
    const [one, two] = await Promise.all([build({ files }, handling), build({ files }, handling)]);
    expect(two).toEqual(one);
    expect(timesConfigured(one)).toBe(1);
    expect(told.filter((text) => text === 'waiting for another build of this tree')).toHaveLength(1);
  });

  test('whose wait is cancelled ends', async () => {
    const files = { 'slow-bzImage': '' };
    const ending = new AbortController();
    let failed: Promise<void> | undefined;
    await new Promise<void>((holds) => {
      const handling = {
        signal: ending.signal,
        onProgress: ({ phase }: { readonly phase: string }) => {
          if (phase === 'configure') holds();
        },
      };
      failed = expect(build({ files }, handling)).rejects.toThrow('enough');
    });
    const waiting = new AbortController();
    const onProgress = ({ text }: { readonly text: string }): void => {
      if (text.startsWith('waiting')) waiting.abort(new Error('no more'));
    };
    await expect(build({ files }, { signal: waiting.signal, onProgress })).rejects.toThrow(/cancelled|no more/);
    ending.abort(new Error('enough'));
    await failed;
  });
});

/** A disk of 300 kB, or why there is none. */
function tinyDisk(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const at = mkdtempSync(join(tmpdir(), 'disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', at], { stdio: 'ignore' });
    return at;
  } catch {
    rmSync(at, { recursive: true, force: true });
    return undefined;
  }
}

const disk = tinyDisk();
describe.skipIf(disk === undefined)(`a disk that is full${disk === undefined ? ' (only root can mount one)' : ''}`, () => {
  const at = disk ?? '';
  afterEach(() => {
    execFileSync('umount', ['-l', at]);
    rmSync(at, { recursive: true, force: true });
  });

  test('is named, with what a build needs', async () => {
    put('tree/large', 'x'.repeat(400_000));
    expect((await failureFrom({}, join(at, 'cache'))).message).toMatch(/^no space left on the disk.*; a build needs about 2 GB$/);
  });
});
