// Files that a diff without git's lines adds and takes away, held against git apply and patch(1).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { applyPatches } from '../../extension/patch/apply.js';
import { memoryTree } from '../support/memory-tree.js';
import { patchOf } from './patch-of.js';

type Files = Readonly<Record<string, string>>;

const scratch: string[] = [];
afterAll(() => scratch.forEach((folder) => rmSync(folder, { recursive: true })));

function folderWith(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'new-file-'));
  scratch.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function filesIn(folder: string): Files {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
  const texts = paths.filter((path) => statSync(path).isFile()).map((path) => [relative(folder, path), readFileSync(path, 'utf8')]);
  return Object.fromEntries(texts) as Files;
}

/** What a tool makes of a copy of the files, or undefined where it refuses. */
function appliedBy(tool: 'git' | 'patch', before: Files, diff: string): Files | undefined {
  const cwd = folderWith(before);
  const [command, given] = tool === 'git' ? ['git', ['apply', '-p1']] : ['patch', ['-p1', '-s', '-f', '-F0', '--no-backup-if-mismatch']];
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() };
  return spawnSync(command, given, { cwd, input: diff, env }).status === 0 ? filesIn(cwd) : undefined;
}

function applied(before: Files, diff: string) {
  const patch = patchOf(diff);
  const [step] = applyPatches(memoryTree(before), [patch]);
  if (!step) throw new Error('one patch');
  const paths = new Set([...Object.keys(before), ...step.files.map(({ path }) => path)]);
  const after = [...paths].flatMap((path) => {
    const text = step.tree.read(path);
    return text === undefined ? [] : [[path, text] as const];
  });
  return {
    after: Object.fromEntries(after) as Files,
    changes: step.files.map(({ change, path }) => `${change} ${path}`),
    problems: [...patch.problems, ...step.files.flatMap(({ problems }) => problems)].map(
      ({ severity, message }) => `${severity}: ${message}`,
    ),
  };
}

const now = '2026-11-26 12:00:00.000000000 +0000';
const epoch = '1970-01-01 00:00:00.000000000 +0000';
const other = { 'fs/fuse/dev.c': 'dev\n' };

/** A diff between `linux.orig` and `linux`; a stamp is put as it is. */
function diffOf(oldStamp: string, newStamp: string, hunk: string): string {
  return `--- linux.orig/fs/fuse/x.c${oldStamp}\n+++ linux/fs/fuse/x.c${newStamp}\n${hunk}`;
}
const adds = '@@ -0,0 +1 @@\n+n\n';
const takes = '@@ -1 +0,0 @@\n-n\n';

describe.each(['UTC0', 'EST5', 'IST-5:30', 'NPT-5:45', 'NZDT-13', 'LINT-14'])('diff -ruN of two trees in zone %s', (TZ) => {
  const kept = { 'fs/fuse/dev.c': 'one\ntwo\n' };
  const before: Files = {
    ...kept,
    'fs/fuse/gone.c': 'int gone;\n',
    'fs/fuse/no newline': 'x',
    'fs/fuse/stays.c': 'text\n',
    'fs/fuse/empty.c': '',
  };
  const after: Files = {
    'fs/fuse/dev.c': 'one\n2\n',
    'fs/fuse/backing_debug.c': 'int n;\n',
    'fs/fuse/f\u00f6o "x".c': 'int o;\n',
    'fs/fuse/stays.c': '',
    'fs/fuse/empty.c': 'no more\n',
  };

  test('adds what is new, takes away what is gone, and keeps files that are empty', () => {
    const trees = (name: string, files: Files): Files =>
      Object.fromEntries(Object.entries(files).map(([p, text]) => [`${name}/${p}`, text]));
    const cwd = folderWith({ ...trees('linux-7.2.orig', before), ...trees('linux-7.2', after) });
    const made = spawnSync('diff', ['-ruN', 'linux-7.2.orig', 'linux-7.2'], { cwd, encoding: 'utf8', env: { ...process.env, TZ } });
    const result = applied(before, made.stdout);
    expect(result.problems).toEqual([]);
    expect(result.after).toEqual(after);
    expect(result.after).toEqual(appliedBy('git', before, made.stdout));
    expect(result.after).toEqual(appliedBy('patch', before, made.stdout));
    expect(result.changes.toSorted()).toEqual([
      'added fs/fuse/backing_debug.c',
      'added fs/fuse/f\u00f6o "x".c',
      'deleted fs/fuse/gone.c',
      'deleted fs/fuse/no newline',
      'modified fs/fuse/dev.c',
      'modified fs/fuse/empty.c',
      'modified fs/fuse/stays.c',
    ]);
  });
});

describe('a file that comes from nothing', () => {
  test.each([
    ['with the epoch as its time', `\t${epoch}`, `\t${now}`],
    ['with the epoch in a zone west', '\t1969-12-31 19:00:00 -0500', `\t${now}`],
    ['with the epoch as POSIX writes times', '\tThu Jan  1 00:00:00 1970', '\tThu Nov 26 12:00:00 2026'],
    ['with the epoch in local time, wherever that was', '\tWed Dec 31 19:00:00 1969', '\tThu Nov 26 12:00:00 2026'],
    ['with the tab made a blank by a mailer', ` ${epoch}`, ` ${now}`],
    ['without a time', '', ''],
    ['with another time', '\t2025-11-26 12:00:00 +0000', `\t${now}`],
    ['with the epoch on both sides', `\t${epoch}`, `\t${epoch}`],
  ])('%s, is new where the tree has none', (_, oldStamp, newStamp) => {
    const diff = diffOf(oldStamp, newStamp, adds);
    const result = applied(other, diff);
    expect(result).toEqual({ after: { ...other, 'fs/fuse/x.c': 'n\n' }, changes: ['added fs/fuse/x.c'], problems: [] });
    for (const tool of ['git', 'patch'] as const) expect(appliedBy(tool, other, diff)).toEqual(result.after);
  });

  test.each([
    ['without a time', ''],
    ['with another time', '\t2025-11-26 12:00:00 +0000'],
  ])('%s, changes a file that is there and empty', (_, stamp) => {
    const before = { 'fs/fuse/x.c': '' };
    const diff = diffOf(stamp, stamp, adds);
    const result = applied(before, diff);
    expect(result).toEqual({ after: { 'fs/fuse/x.c': 'n\n' }, changes: ['modified fs/fuse/x.c'], problems: [] });
    for (const tool of ['git', 'patch'] as const) expect(appliedBy(tool, before, diff)).toEqual(result.after);
  });

  test('with the epoch as its time is not written over one with a text, by git and patch neither', () => {
    const before = { 'fs/fuse/x.c': 'o\n' };
    const diff = diffOf(`\t${epoch}`, `\t${now}`, adds);
    const result = applied(before, diff);
    expect(result.after).toEqual(before);
    expect(result.problems).toEqual(['error: is already in linux with another text; the patch adds it as new, so it is left as it is']);
    for (const tool of ['git', 'patch'] as const) expect(appliedBy(tool, before, diff)).toBeUndefined();
  });

  test('without a time goes before the lines of one with a text, as patch does and git does not, with a warning', () => {
    const before = { 'fs/fuse/x.c': 'o\n' };
    const diff = diffOf('', '', adds);
    const result = applied(before, diff);
    expect(result.after).toEqual(appliedBy('patch', before, diff));
    expect(appliedBy('git', before, diff)).toBeUndefined();
    expect(result.problems).toEqual([
      'warning: hunk 1 of 1 (@@ -0,0 +1 @@) reads like a new file, and there is one; its lines go before the first',
    ]);
  });

  test.each([['', `\t${epoch}`]])('that is there already, with this very text, is not added twice (%j)', (stamp) => {
    const before = { 'fs/fuse/x.c': 'n\n' };
    expect(applied(before, diffOf(stamp, '', adds))).toMatchObject({
      after: before,
      problems: ['warning: is already in linux, as the patch adds it'],
    });
  });

  test('whose only hunk is cut off is said so, and not added', () => {
    const result = applied(other, diffOf(`\t${epoch}`, `\t${now}`, '@@ -0,0 +1,2 @@\n+n\n'));
    expect(result.after).toEqual(other);
    expect(result.problems).toHaveLength(1);
    expect(result.problems[0]).toContain('is cut off');
  });

  test.each([
    ['named by /dev/null', '--- /dev/null\n+++ linux-7.2/fs/fuse/x.c\n'],
    ['named alike on both sides', '--- linux/fs/fuse/x.c\n+++ linux/fs/fuse/x.c\n'],
  ])('%s, of a patch made one folder up, goes where that folder is, with a warning', (_, header) => {
    const result = applied(other, header + adds);
    expect(result.after).toEqual({ ...other, 'fs/fuse/x.c': 'n\n' });
    expect(result.problems).toEqual([expect.stringMatching(/^warning: the patch calls it linux(?:-7\.2)?\/fs\/fuse\/x\.c$/)]);
    for (const tool of ['git', 'patch'] as const) expect(appliedBy(tool, other, header + adds)).toEqual(result.after);
  });

  test("in a new folder stays there where git's prefixes were taken off, though a folder of the tree has the name of one in it", () => {
    const diff = `--- a/rust/kernel/x.rs\t${epoch}\n+++ b/rust/kernel/x.rs\t${now}\n${adds}`;
    expect(applied({ 'kernel/fork.c': '' }, diff)).toMatchObject({ changes: ['added rust/kernel/x.rs'], problems: [] });
  });

  test("that git's line does not call new is missing", () => {
    const diff = `diff --git a/fs/fuse/x.c b/fs/fuse/x.c\n--- a/fs/fuse/x.c\n+++ b/fs/fuse/x.c\n${adds}`;
    expect(applied(other, diff).problems).toEqual([expect.stringContaining('there is no such file in linux')]);
    expect(appliedBy('git', other, diff)).toBeUndefined();
  });
});

describe('a file that nothing is left of', () => {
  const before = { 'fs/fuse/x.c': 'n\n' };

  test.each([
    ['with the epoch as its time', `\t${now}`, `\t${epoch}`, ['git', 'patch']],
    ['with the epoch in a zone east', `\t${now}`, '\t1970-01-01 05:45:00.000000000 +0545', ['git', 'patch']],
    // git reads no such times, and leaves an empty file.
    ['with the epoch as POSIX writes times', '\tThu Nov 26 12:00:00 2026', '\tThu Jan  1 00:00:00 1970', ['patch']],
  ] as const)('%s, is gone', (_, oldStamp, newStamp, tools) => {
    const diff = diffOf(oldStamp, newStamp, takes);
    expect(applied(before, diff)).toEqual({ after: {}, changes: ['deleted fs/fuse/x.c'], problems: [] });
    for (const tool of tools) expect(appliedBy(tool, before, diff)).toEqual({});
  });

  test.each([
    ['without a time', ''],
    ['with another time', `\t${now}`],
  ])('%s, is there and empty', (_, stamp) => {
    const diff = diffOf(stamp, stamp, takes);
    const result = applied(before, diff);
    expect(result).toEqual({ after: { 'fs/fuse/x.c': '' }, changes: ['modified fs/fuse/x.c'], problems: [] });
    for (const tool of ['git', 'patch'] as const) expect(appliedBy(tool, before, diff)).toEqual(result.after);
  });
});

test('a file with lines before and after is one that is there, whatever its time', () => {
  const before = { 'fs/fuse/x.c': 'n\n' };
  const diff = diffOf(`\t${epoch}`, `\t${now}`, '@@ -1 +1 @@\n-n\n+m\n');
  expect(applied(before, diff)).toEqual({ after: { 'fs/fuse/x.c': 'm\n' }, changes: ['modified fs/fuse/x.c'], problems: [] });
  expect(appliedBy('patch', before, diff)).toEqual({ 'fs/fuse/x.c': 'm\n' });
});
