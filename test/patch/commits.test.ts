// Commit ranges of a small repository, and every range that is none.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { applyPatches } from '../../extension/patch/apply.js';
import { readCommits, type Commits } from '../../extension/patch/commits.js';
import { valueOf } from '../support/result.js';

let root: string;

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=Amir', '-c', 'user.email=amir@example.org', ...args], { cwd: root, stdio: 'ignore' });
}

function commit(path: string, text: string | Uint8Array, subject: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
  git('add', '-A');
  git('commit', '-q', '-m', subject, '-m', 'From here on, fine.\n\nSigned-off-by: Amir');
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'commits-'));
  git('init', '-q', '-b', 'master');
  mkdirSync(join(root, 'fs/fuse'), { recursive: true });
  symlinkSync('dev.c', join(root, 'fs/fuse/alias.c'));
  symlinkSync('/etc/passwd', join(root, 'fs/fuse/out.c'));
  commit('fs/fuse/dev.c', 'int a;\nint b;\n', 'base');
  git('tag', 'v1');
  commit('fs/fuse/dev.c', 'int a;\nlong b;\n', 'fuse: widen b');
  git('checkout', '-q', '-b', 'side', 'v1');
  commit('fs/fuse/föo.c', Buffer.from('/* M\xfcller */\n', 'latin1'), 'fuse: add föo');
  git('checkout', '-q', 'master');
  git('merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
  git('mv', 'fs/fuse/dev.c', 'fs/fuse/device.c');
  commit('logo.bin', Uint8Array.from([0, 1, 2, 0]), 'fuse: rename dev.c');
  writeFileSync(join(root, 'fs/fuse/device.c'), 'uncommitted\n');
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

async function commits(range: string, folder = root): Promise<Commits> {
  return valueOf(await readCommits(folder, range));
}

describe('a range of commits', () => {
  test('gives its patches, oldest first, and names the merge it skips', async () => {
    const { patches, problems } = await commits('v1..master');
    expect(patches.map(({ subject }) => subject).sort()).toEqual(['fuse: add föo', 'fuse: rename dev.c', 'fuse: widen b']);
    expect(patches.at(-1)?.subject).toBe('fuse: rename dev.c');
    expect(patches[0]).toMatchObject({ author: 'Amir <amir@example.org>', messageId: '' });
    expect(patches[0]?.source).toMatch(/^commit [0-9a-f]{12}$/);
    expect(problems).toMatchObject([{ where: 'v1..master', severity: 'warning' }]);
    expect(problems[0]?.message).toMatch(/^the merge [0-9a-f]{12} "Merge side" is skipped$/);
  });

  test('applies to the tree at its older end, whatever lies in the work tree', async () => {
    const { patches, baseTree } = await commits('v1..');
    expect(baseTree.read('fs/fuse/dev.c')).toBe('int a;\nint b;\n');
    expect([baseTree.list(''), baseTree.list('fs'), baseTree.list('fs/fuse')]).toEqual([['fs/'], ['fuse/'], ['alias.c', 'dev.c']]);
    const applied = applyPatches(baseTree, patches);
    const problems = applied.flatMap(({ files }) => files.flatMap((file) => file.problems));
    expect(problems.map(({ message }) => message)).toEqual(['logo.bin is binary; not applied']);
    expect(applied.at(-1)?.tree.list('fs/fuse')).toEqual(['alias.c', 'device.c', 'föo.c']);
    expect(applied.at(-1)?.tree.read('fs/fuse/device.c')).toBe('int a;\nlong b;\n');
    expect(applied.at(-1)?.tree.read('fs/fuse/föo.c')).toBe('/* Müller */\n');
  });

  test('reads the tree of a commit: links inside, none outside, Latin-1 with a warning', async () => {
    const { baseTree } = await commits('master^..master');
    expect([baseTree.read('fs/fuse/alias.c'), baseTree.read('fs/fuse/out.c'), baseTree.read('../x')]).toEqual([
      'int a;\nlong b;\n',
      undefined,
      undefined,
    ]);
    expect(baseTree.read('fs/fuse/föo.c')).toBe('/* Müller */\n');
    expect(baseTree.problems().map(({ where }) => where)).toEqual(['../x', 'fs/fuse/föo.c']);
    expect([baseTree.read('no.c'), baseTree.list('no')]).toEqual([undefined, []]);
  });

  test('of a kernel tree inside a larger repository has paths from the tree', async () => {
    const { patches, baseTree } = await commits('v1..master^1', join(root, 'fs'));
    expect(baseTree.read('fuse/dev.c')).toBe('int a;\nint b;\n');
    expect(patches.flatMap(({ diff }) => diff.map(({ path }) => path)).sort()).toEqual(['fuse/dev.c', 'fuse/föo.c']);
  });

  test('whose older end is on another branch says so', async () => {
    expect((await commits('side..v1')).problems.map(({ message }) => message)).toEqual([
      'holds no commits; the older end comes first, as in v7.2..HEAD',
      'side is not an ancestor of v1; the commits are applied to side as a rebase would',
    ]);
  });

  test.each([
    ['--upload-pack=touch pwned..master', /^begins with a dash/],
    ['v1..--output=pwned', /^begins with a dash/],
    ['master', /^is not a range of commits; write A\.\.B, or X\^\.\.X for one commit$/],
    ['v1...master', /^has three dots/],
    ['..', /^is not a range/],
    ['', /^is not a range/],
    ['v1..no such', /^holds a space/],
    ['v9..master', /^"v9" is not a commit of the repository in /],
    ['v1..v9', /^"v9" is not a commit/],
    ['v1:fs..master', /^"v1:fs" is not a commit/],
  ])('%j is one problem', async (range, message) => {
    const result = await readCommits(root, range);
    expect(result).toMatchObject({ failure: { where: range, severity: 'error', message: expect.stringMatching(message) as string } });
  });

  test('outside a repository, or of no folder, is one problem', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-repository-'));
    expect(await readCommits(folder, 'A..B')).toMatchObject({
      failure: { message: `${folder} is not a git repository; give patches as files, or open a clone` },
    });
    rmSync(folder, { recursive: true });
    expect(await readCommits(folder, 'A..B')).toMatchObject({ failure: { message: 'is not a folder; name the root of a kernel tree' } });
  });

  test('without git on the machine is one problem', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    expect(await readCommits(root, 'v1..master')).toMatchObject({
      failure: { message: 'git was not found; install it, or give patches as files' },
    });
    vi.unstubAllEnvs();
  });
});
