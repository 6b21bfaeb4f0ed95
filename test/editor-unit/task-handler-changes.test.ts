// What is typed and not committed, reviewed against the last commit, as the worker of the editor does it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SeriesSource, ShownReview, Task } from '../../extension/editor/protocol/messages.js';
import { TaskHandler } from '../../extension/editor/worker/task-handler.js';
import { fusePlace } from '../support/fuse.js';

const home = join(import.meta.dirname, '../..');
const text = `struct thing *kthing_get(int id);
struct file *fget(unsigned int fd);
void fput(struct file *file);

int fuse_backing_open(int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return -2;
	fput(file);
	return 0;
}
`;
const leaking = text.replace('\tfput(file);\n', '');
const settings = { config: {}, baseline: null, contracts: null };

let root: string;
let file: string;
let handler: TaskHandler;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fuse-review-changes-'));
  file = join(root, 'fs/fuse/backing.c');
  mkdirSync(join(root, 'fs/fuse'), { recursive: true });
  writeFileSync(file, text);
  handler = new TaskHandler({
    runtime: join(home, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    grammar: join(home, 'grammars/kernel-c/kernel-c.wasm'),
    model: join(home, 'runtime'),
  });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=Amir', '-c', 'user.email=amir@example.org', ...args], { cwd: root, stdio: 'ignore' });
}

function commit(): void {
  git('init', '-q', '-b', 'master');
  git('add', '-A');
  git('commit', '-q', '-m', 'base');
}

function review(
  unsaved: Readonly<Record<string, string>> = {},
  trusted = true,
  source: SeriesSource = { kind: 'changes' },
): Promise<ShownReview> {
  const task: Task = { t: 'review', request: 1, lane: '', tree: { root, ...fusePlace }, settings, source, unsaved, trusted };
  return handler.run(
    task,
    () => undefined,
    () => undefined,
  ) as Promise<ShownReview>;
}

const rules = ({ findings }: ShownReview): string[] => findings.map(({ rule, status }) => `${status} ${rule}`);

describe('changes since the last commit', () => {
  beforeEach(commit);

  test('are none at first', async () => {
    expect(await review()).toMatchObject({ patches: [], problems: [] });
  });

  test('are what is saved and what is not', async () => {
    const typed = await review({ [file]: leaking });
    expect(rules(typed)).toEqual(['introduced leak']);
    expect(typed.patches.map(({ subject, files }) => [subject, files.map(({ change }) => change)])).toEqual([['backing.c', ['modified']]]);
    expect(typed.texts).toEqual([{ path: 'fs/fuse/backing.c', oldPath: 'fs/fuse/backing.c', before: text, after: leaking }]);
    writeFileSync(file, leaking);
    writeFileSync(join(root, 'fs/fuse/more.c'), 'int more;\n');
    const saved = await review();
    expect(rules(saved)).toEqual(['introduced leak']);
    expect(saved.patches.map(({ subject, files }) => [subject, files.map(({ change }) => change)])).toEqual([
      ['backing.c and more.c', ['modified', 'added']],
    ]);
    expect(rules(await review({ [file]: text }))).toEqual([]);
  });

  test('are counted from the commit that is checked out now', async () => {
    writeFileSync(file, leaking);
    expect(rules(await review())).toEqual(['introduced leak']);
    git('commit', '-q', '-a', '-m', 'leak');
    expect(await review()).toMatchObject({ patches: [], problems: [] });
    expect(rules(await review({ [file]: text }))).toEqual(['fixed leak']);
  });

  test('leave out a file that is open and gone from disk', async () => {
    rmSync(file);
    writeFileSync(join(root, 'fs/fuse/other.c'), text);
    const { patches } = await review({ [file]: leaking });
    expect(patches.flatMap(({ files }) => files.map(({ change, path }) => `${change} ${path}`))).toEqual([
      'deleted fs/fuse/backing.c',
      'added fs/fuse/other.c',
    ]);
  });
});

describe('where there is no commit', () => {
  test('they are counted from what the files said first, which is told', async () => {
    expect((await review()).problems).toMatchObject([{ where: root, severity: 'warning' }]);
    writeFileSync(file, leaking);
    const saved = await review();
    expect(rules(saved)).toEqual(['introduced leak']);
    expect(saved.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^there is no commit to compare with; compared with what the files said at \d\d:\d\d$/) as string,
    ]);
  });

  test('or git is not to be run', async () => {
    commit();
    expect((await review({}, false)).problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^git is not run in a workspace that is not trusted; compared with /) as string,
    ]);
    expect(rules(await review({ [file]: leaking }, false))).toEqual(['introduced leak']);
  });
});

test('a patch is reviewed as it is typed', async () => {
  const path = join(root, '1.patch');
  const patch = (line: string): string =>
    `--- a/fs/fuse/backing.c\n+++ b/fs/fuse/backing.c\n@@ -11,2 +11,2 @@\n-\tfput(file);\n+${line}\n \treturn 0;\n`;
  writeFileSync(path, patch('\tfput(file); /* done */'));
  const source = { kind: 'files', paths: [path] } as const;
  expect(rules(await review({}, true, source))).toEqual([]);
  expect(rules(await review({ [path]: patch('\t/* done */') }, true, source))).toEqual(['introduced leak']);
});
