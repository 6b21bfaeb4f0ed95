// The thread's own patches on the kernels that they are for, held against git apply and patch(1).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { applyPatches } from '../../extension/patch/apply.js';
import { diskTree, type DiskTree } from '../../extension/patch/disk-tree.js';
import { isInputProblem } from '../../extension/patch/problems.js';
import { readSeries } from '../../extension/patch/series.js';

const checkout = join(import.meta.dirname, '../..');
const seed = join(checkout, '../shared/seed');
const noSeed = !existsSync(seed) && 'the thread (../shared/seed) is not on this machine';

/** In CI a tree must be there, so its absence is left to fail. */
function without(tree: string): string | false {
  if (noSeed) return noSeed;
  const missing = !existsSync(join(checkout, '.cache/trees', tree, 'fs/fuse'));
  return missing && process.env.CI !== 'true' && `.cache/trees/${tree} is not on this machine`;
}

function kernel(version: string): DiskTree {
  const tree = diskTree(join(checkout, '.cache/trees', version));
  if (isInputProblem(tree)) throw new Error(`${tree.where} ${tree.message}`);
  return tree;
}

function seedFile(name: string): { name: string; bytes: Uint8Array } {
  return { name, bytes: readFileSync(join(seed, name)) };
}

const scratch: string[] = [];
afterAll(() => scratch.forEach((folder) => rmSync(folder, { recursive: true })));

/** Texts of the files after a tool applied the patches to a copy of them. */
function appliedBy(tool: 'git' | 'patch', tree: DiskTree, patches: readonly string[], paths: readonly string[]): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'patch-room-'));
  scratch.push(folder);
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const text = tree.read(path);
    if (text !== undefined) writeFileSync(join(folder, path), text);
  }
  for (const patch of patches) {
    const input = readFileSync(join(seed, patch));
    if (tool === 'git') execFileSync('git', ['apply'], { cwd: folder, input, env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() } });
    else execFileSync('patch', ['-p1', '-s', '-F0'], { cwd: folder, input });
  }
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

describe.each([[['1-shared-backing.patch']], [['1-shared-backing.patch', '2-review-sketch.patch']], [['3-clean.patch']]])(
  '%j on Linux 7.2',
  (names) => {
    const reason = without('linux-7.2');
    test.skipIf(reason)(
      `applies without a problem, to what git apply and patch -p1 make of it${reason ? ` (${reason})` : ''}`,
      async () => {
        const tree = kernel('linux-7.2');
        const { patches, problems } = await readSeries(names.map(seedFile));
        expect(problems).toEqual([]);
        expect(patches.map((patch) => patch.problems)).toEqual(names.map(() => []));
        const applied = applyPatches(tree, patches);
        const files = applied.flatMap((step) => step.files);
        expect(files.flatMap((file) => file.problems)).toEqual([]);
        expect(files.every((file) => file.hunks > 0 && file.hunks === file.hunksApplied)).toBe(true);
        const paths = [...new Set(files.map((file) => file.path))];
        const ours = new Map(paths.map((path) => [path, applied.at(-1)?.tree.read(path)]));
        expect(ours).toEqual(appliedBy('git', tree, names, paths));
        expect(ours).toEqual(appliedBy('patch', tree, names, paths));
        expect(paths.every((path) => ours.get(path) !== tree.read(path))).toBe(true);
      },
    );
  },
);

describe('the patch for 7.2 on Linux 6.12', () => {
  const reason = without('linux-6.12');
  test.skipIf(reason)(`says of each hunk of backing.c that there is no such file${reason ? ` (${reason})` : ''}`, async () => {
    const { patches } = await readSeries([seedFile('1-shared-backing.patch')]);
    const [step] = applyPatches(kernel('linux-6.12'), patches);
    const backing = step?.files.find((file) => file.path === 'fs/fuse/backing.c');
    expect(backing).toMatchObject({ hunksApplied: 0, hunks: 4 });
    expect(backing?.problems).toHaveLength(4);
    expect(backing?.problems[0]).toEqual({
      where: 'fs/fuse/backing.c',
      severity: 'error',
      message: 'hunk 1 of 4 (@@ -7,6 +7,8 @@) does not apply: there is no such file in linux-6.12; the patch is made for another tree',
    });
    expect(step?.tree.read('fs/fuse/backing.c')).toBeUndefined();
  });

  test.skipIf(reason)(`says for every other hunk that fails which line it expected${reason ? ` (${reason})` : ''}`, async () => {
    const { patches } = await readSeries([seedFile('1-shared-backing.patch')]);
    const [step] = applyPatches(kernel('linux-6.12'), patches);
    const errors = (step?.files ?? []).filter(({ path }) => path !== 'fs/fuse/backing.c').flatMap((file) => file.problems);
    const failed = errors.filter(({ severity }) => severity === 'error');
    expect(failed.length).toBeGreaterThan(0);
    for (const problem of failed) {
      expect(problem.message).toMatch(
        /^hunk \d of \d \(@@ .*\) does not apply: the patch expects .+, (?:the file has|but the file has only) .+$/,
      );
      expect(problem.line).toBeGreaterThan(0);
    }
    expect(step?.files.some((file) => file.hunksApplied > 0)).toBe(true);
  });
});

describe('the mailboxes of the thread', () => {
  test.skipIf(noSeed)(`the thread holds one patch; the reply to it is none${noSeed ? ` (${noSeed})` : ''}`, async () => {
    const { patches, problems } = await readSeries([seedFile('thread.mbox')]);
    expect(problems).toEqual([]);
    expect(patches).toHaveLength(1);
    expect(patches[0]).toMatchObject({
      source: 'thread.mbox',
      subject: '[PATCH v4] fuse: move the passthrough-specific code back to passthrough.c',
      author: 'Darrick J. Wong <djwong@xxxxxxxxxx>',
      date: 'Wed, 20 Aug 2025 17:53:00 -0700',
      messageId: 'seed-patch-1@fuse-backing.example',
      problems: [],
    });
    expect(patches[0]?.diff).toHaveLength(8);
    expect(patches[0]?.diff[0]?.hunks[0]?.line).toBe(32);
  });

  test.skipIf(noSeed)(`the author's reply alone holds none and says so${noSeed ? ` (${noSeed})` : ''}`, async () => {
    const { patches, problems } = await readSeries([seedFile('1-shared-backing.reply.mbox')]);
    expect(patches).toEqual([]);
    expect(problems).toEqual([
      {
        where: '1-shared-backing.reply.mbox',
        severity: 'error',
        message:
          'holds no patch: no mail has a diff of its own (quoted ones do not count); it holds "Re: [PATCH v4] fuse: move the passthrough-specific code back to passthrough.c" (a reply)',
      },
    ]);
  });
});
