// `npm run thread`: shows that the flaws of the thread are found. The patches that test/support/thread-edits.ts makes of
// Linux 7.2 are written to a folder and reviewed as anybody would. With a folder they are left there, and nothing is reviewed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblem } from '../extension/model/problem.js';
import { diskTree } from '../extension/patch/disk-tree.js';
import { threadMails, type ThreadPatch } from '../test/support/thread-edits.js';

const reviews: readonly (readonly [title: string, ...patches: ThreadPatch[]])[] = [
  ['F1 to F7', 'shared'],
  ['S1 and S2, on top of it', 'shared', 'sketch'],
  ['the same job done right', 'control'],
];

const root = '.cache/trees/linux-7.2';
const opened = diskTree(root);
if (!opened.ok) {
  console.error(`${formatProblem(opened.failure)} (npm run trees)`);
  process.exit(2);
}
const [given] = process.argv.slice(2);
const folder = given ?? mkdtempSync(join(tmpdir(), 'fuse-review-thread-'));
const pathOf = (patch: string): string => join(folder, `${patch}.patch`);
mkdirSync(folder, { recursive: true });
for (const [patch, mail] of Object.entries(threadMails(opened.value))) writeFileSync(pathOf(patch), mail);

if (given === undefined) {
  for (const [title, ...patches] of reviews) {
    console.log(`\n== ${title}\n`);
    const command = ['dist/cli.js', 'patch', ...patches.map(pathOf), '--tree', root];
    const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
    // 1 is for what was found.
    if (status !== 0 && status !== 1) process.exitCode = 2;
  }
  rmSync(folder, { recursive: true });
}
