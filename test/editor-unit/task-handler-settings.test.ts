// Files that settings name, as the worker of the editor takes them.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { CheckedTree, ShownReview, Task } from '../../extension/editor/protocol/messages.js';
import { TaskHandler } from '../../extension/editor/worker/task-handler.js';
import { fusePlace } from '../support/fuse.js';

const root = join(import.meta.dirname, '../..');
const handler = new TaskHandler({
  runtime: join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
  grammar: join(root, 'grammars/kernel-c/kernel-c.wasm'),
  model: join(root, 'runtime'),
});
const tree = mkdtempSync(join(tmpdir(), 'fuse-review-settings-'));
afterAll(() => rmSync(tree, { recursive: true, force: true }));

mkdirSync(join(tree, 'fs/fuse'), { recursive: true });
writeFileSync(
  join(tree, 'fs/fuse/backing.c'),
  `struct thing *thing_get(int id);
void thing_put(struct thing *t);

int fuse_backing_open(int id)
{
	struct thing *t = thing_get(id);

	if (!t)
		return -2;
	return 0;
}
`,
);
const [, example = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/contracts.md'), 'utf8')) ?? [];

async function check(contracts: string | null): Promise<CheckedTree> {
  const settings = { config: {}, baseline: null, contracts };
  const task: Task = { t: 'check', request: 1, lane: '', tree: { root: tree, ...fusePlace }, settings };
  return (await handler.run(
    task,
    () => undefined,
    () => undefined,
  )) as CheckedTree;
}

test('contracts of one’s own are in force', async () => {
  writeFileSync(join(tree, 'rows.json'), example);
  expect((await check(null)).findings).toEqual([]);
  const { findings, problems } = await check(join(tree, 'rows.json'));
  expect(problems).toEqual([]);
  expect(findings.map(({ rule, line }) => [rule, line])).toEqual([['leak', 10]]);
});

test('what is wrong with them is said with its place, and the tree is checked without', async () => {
  writeFileSync(join(tree, 'wrong.json'), '[\n  { "name": 7 }\n]\n');
  const wrong = await check(join(tree, 'wrong.json'));
  expect(wrong.problems).toMatchObject([{ where: join(tree, 'wrong.json'), line: 2, severity: 'error' }]);
  const missing = await check(join(tree, 'none.json'));
  expect(missing.problems.map(({ message }) => message)).toEqual(['there is no such file any more; was none.json moved?']);
  expect(missing.stats.files).toBe(1);
});

test('a file that can not be read is a problem of the check and of the review, as on the terminal', async () => {
  const circle = join(tree, 'fs/fuse/circle.c');
  symlinkSync('circle.c', circle);
  const patch = join(tree, 'one.patch');
  writeFileSync(
    patch,
    '--- a/fs/fuse/backing.c\n+++ b/fs/fuse/backing.c\n@@ -1,1 +1,2 @@\n struct thing *thing_get(int id);\n+struct other;\n',
  );
  const settings = { config: {}, baseline: null, contracts: null };
  const source = { kind: 'files', paths: [patch] } as const;
  const unchanged = { unsaved: {}, trusted: true };
  const review: Task = { t: 'review', request: 2, lane: '', tree: { root: tree, ...fusePlace }, source, settings, ...unchanged };
  const said = [{ where: 'fs/fuse/circle.c', message: 'is a symbolic link that leads back to itself; not read', severity: 'error' }];
  expect((await check(null)).problems).toEqual(said);
  expect(
    (
      (await handler.run(
        review,
        () => undefined,
        () => undefined,
      )) as ShownReview
    ).problems,
  ).toEqual(said);
  rmSync(circle);
  expect((await check(null)).problems).toEqual([]);
});
