// What the editor tests work on: a real tree with the thread's flaws written into it, or else the bundled sample.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, scratch } from './harness.mjs';

const real = join(root, '.cache', 'trees', 'linux-7.2');
const sample = join(root, 'sample');

/** The patch of the thread's flaws for Linux 7.2, made from the tree. */
export async function threadPatch() {
  const folder = join(scratch, 'thread');
  await run(process.execPath, ['scripts/run-ts.mjs', 'scripts/thread.ts', folder], { cwd: root });
  return join(folder, 'shared.patch');
}

/** The tree to edit, and the series with the tree that it is for and a flaw of it. */
export async function material() {
  if (existsSync(join(real, 'fs', 'fuse', 'backing.c')))
    return { tree: real, seriesTree: real, patch: await threadPatch(), flaw: 'default that is never set' };
  if (process.env.CI === 'true') throw new Error('.cache/trees/linux-7.2 is missing (npm run trees)');
  const tree = join(sample, 'tree');
  return { tree, seriesTree: tree, patch: join(sample, 'series.mbox'), flaw: 'leak' };
}
