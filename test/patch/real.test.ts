// The patches of the thread on the kernels that they are for and on another, held against git apply and patch(1).
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyPatches } from '../../extension/patch/apply.js';
import { diskTree, type DiskTree } from '../../extension/patch/disk-tree.js';
import { readSeries } from '../../extension/patch/series.js';
import { valueOf } from '../support/result.js';
import type { ThreadPatch } from '../support/thread-edits.js';
import { describeThread, edits, readThread, seed } from '../support/thread.js';
import { describeWithTree, skipWithoutTree } from '../support/trees.js';

const checkout = join(import.meta.dirname, '../..');

function kernel(version: string): DiskTree {
  return valueOf(diskTree(join(checkout, '.cache/trees', version)));
}

const scratch: string[] = [];
afterAll(() => scratch.forEach((folder) => rmSync(folder, { recursive: true })));

/** Texts of the files after a tool applied the patches to a copy of them. */
function appliedBy(tool: 'git' | 'patch', tree: DiskTree, mails: readonly Uint8Array[], paths: readonly string[]): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'patch-room-'));
  scratch.push(folder);
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const text = tree.read(path);
    if (text !== undefined) writeFileSync(join(folder, path), text);
  }
  for (const input of mails) {
    if (tool === 'git') execFileSync('git', ['apply'], { cwd: folder, input, env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() } });
    else execFileSync('patch', ['-p1', '-s', '-F0'], { cwd: folder, input });
  }
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

describeThread('the patches of the thread', (thread) => {
  const series: readonly (readonly ThreadPatch[])[] = [['shared'], ['shared', 'sketch'], ['control']];
  test.each(series.map((names) => [names]))(
    '%j applies to Linux 7.2 without a problem, to what git apply and patch -p1 make of it',
    async (names) => {
      const tree = kernel('linux-7.2');
      const applied = applyPatches(tree, await readThread(thread, ...names));
      const files = applied.flatMap((step) => step.files);
      expect(files.flatMap((file) => file.problems)).toEqual([]);
      expect(files.every((file) => file.hunks > 0 && file.hunks === file.hunksApplied)).toBe(true);
      const paths = [...new Set(files.map((file) => file.path))];
      const ours = new Map(paths.map((path) => [path, applied.at(-1)?.tree.read(path)]));
      const mails = names.map((name) => thread.mail(name).bytes);
      expect(ours).toEqual(appliedBy('git', tree, mails, paths));
      expect(ours).toEqual(appliedBy('patch', tree, mails, paths));
      expect(paths.every((path) => ours.get(path) !== tree.read(path))).toBe(true);
    },
  );

  const missing = skipWithoutTree('linux-6.12');
  describe.skipIf(missing)(`on Linux 6.12${missing ? ' (not unpacked, run npm run trees)' : ''}`, () => {
    test('each hunk of backing.c is told that there is no such file', async () => {
      const patches = await readThread(thread, 'shared');
      const hunks = patches[0]?.diff.find(({ path }) => path === 'fs/fuse/backing.c')?.hunks.length;
      const [step] = applyPatches(kernel('linux-6.12'), patches);
      const backing = step?.files.find((file) => file.path === 'fs/fuse/backing.c');
      expect(backing).toMatchObject({ hunksApplied: 0, hunks });
      expect(backing?.problems).toHaveLength(hunks ?? 0);
      expect(backing?.problems[0]).toMatchObject({ where: 'fs/fuse/backing.c', severity: 'error' });
      expect(backing?.problems[0]?.message).toMatch(
        /^hunk 1 of \d \(@@ .* @@\) does not apply: there is no such file in linux-6\.12; the patch is made for another tree$/,
      );
      expect(step?.tree.read('fs/fuse/backing.c')).toBeUndefined();
    });

    test('every other hunk that fails is told which line it expected', async () => {
      const [step] = applyPatches(kernel('linux-6.12'), await readThread(thread, 'shared'));
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
});

describeWithTree('linux-7.2', 'a mailbox with a patch and a reply that quotes it', () => {
  let patch: string;
  let reply: string;
  beforeAll(() => {
    patch = Buffer.from(edits.mail('shared').bytes).toString();
    const quoted = patch.slice(patch.indexOf('\n---\n')).replace(/^/gm, '> ');
    const headers = 'From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: R <r@example.com>\nSubject: Re: [PATCH] fuse\nMessage-ID: <r@x>';
    reply = `${headers}\n\n${quoted}\n`;
  });

  test('holds one patch', async () => {
    const { patches, problems } = await readSeries([{ name: 'thread.mbox', bytes: Buffer.from(patch + reply) }]);
    expect(problems).toEqual([]);
    expect(patches).toHaveLength(1);
    expect(patches[0]).toMatchObject({ source: 'thread.mbox', author: 'Edits <edits@fuse-review.example>', problems: [] });
    expect(patches[0]?.diff).toHaveLength(7);
  });

  test('holds none where the reply is alone, and says so', async () => {
    const { patches, problems } = await readSeries([{ name: 'reply.mbox', bytes: Buffer.from(reply) }]);
    expect(patches).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([
      'holds no patch: no mail has a diff of its own (quoted ones do not count); it holds "Re: [PATCH] fuse" (a reply)',
    ]);
  });
});

if (existsSync(seed)) {
  describe('the mailboxes that the thread came in', () => {
    const mailbox = (name: string) => ({ name, bytes: readFileSync(join(seed, name)) });

    test('the thread holds one patch; the reply to it is none', async () => {
      const { patches, problems } = await readSeries([mailbox('thread.mbox')]);
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

    test("the author's reply alone holds none and says so", async () => {
      const { patches, problems } = await readSeries([mailbox('1-shared-backing.reply.mbox')]);
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
}
