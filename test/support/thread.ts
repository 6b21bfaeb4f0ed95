// The patches of the thread for tests: as edits of the tree, which anybody has, and as the mails that they were sent in.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { SourceTree } from '../../extension/model/source.js';
import { applyPatches } from '../../extension/patch/apply.js';
import { readSeries, type Patch } from '../../extension/patch/series.js';
import { threadMails, type ThreadPatch } from './thread-edits.js';
import { describeWithTree, folderTree, treeFolder } from './trees.js';

/** One source of the patches. */
export interface Thread {
  readonly name: string;
  readonly mail: (patch: ThreadPatch) => { readonly name: string; readonly bytes: Uint8Array };
}

/** Where the mails are on some machines; they are no part of the repository. */
export const seed = process.env.FUSE_REVIEW_SEED ?? join(import.meta.dirname, '../../../shared/seed');

const names: Readonly<Record<ThreadPatch, string>> = {
  shared: '1-shared-backing.patch',
  sketch: '2-review-sketch.patch',
  control: '3-clean.patch',
};
let made: ReturnType<typeof threadMails> | undefined;

export const edits: Thread = {
  name: 'as edits',
  mail(patch) {
    made ??= threadMails(folderTree(treeFolder('linux-7.2') ?? ''));
    return { name: `${patch}.patch`, bytes: Buffer.from(made[patch]) };
  },
};

const mails: Thread = {
  name: 'as it was sent',
  mail: (patch) => ({ name: names[patch], bytes: readFileSync(join(seed, names[patch])) }),
};

/** Tests of the thread's patches: as edits, and once more with the mails where these are; or with the sources given, as kernels take minutes. */
export function describeThread(
  title: string,
  tests: (thread: Thread) => void,
  sources = existsSync(seed) ? [edits, mails] : [edits],
): void {
  for (const thread of sources) describeWithTree('linux-7.2', `${title}, ${thread.name}`, () => tests(thread));
}

/** The patches, in order. */
export async function readThread(thread: Thread, ...patches: readonly ThreadPatch[]): Promise<readonly Patch[]> {
  const series = await readSeries(patches.map(thread.mail));
  expect(series.problems).toEqual([]);
  expect(series.patches.map(({ problems }) => problems)).toEqual(patches.map(() => []));
  return series.patches;
}

/** The tree with the patches on top of each other, all of which apply. */
export async function patched(tree: SourceTree, thread: Thread, ...patches: readonly ThreadPatch[]): Promise<SourceTree> {
  const applied = applyPatches(tree, await readThread(thread, ...patches));
  expect(applied.flatMap(({ files }) => files.flatMap(({ problems }) => problems))).toEqual([]);
  return applied.at(-1)?.tree ?? tree;
}
