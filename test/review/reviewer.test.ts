import { describe, expect, test } from 'vitest';
import type { SourceTree } from '../../extension/model/source.js';
import { readSeries, type Patch } from '../../extension/patch/series.js';
import { Reviewer, type ReviewOptions, type SeriesReview } from '../../extension/review/reviewer.js';
import type { Baseline } from '../../extension/review/baseline.js';
import { allProblems } from '../../extension/review/review-problems.js';
import { fuse } from '../support/fuse.js';
import { memoryTree } from '../support/memory-tree.js';
import { ToyAnalyst } from './toy-analyst.js';

const plain: ReviewOptions = { config: new Map() };

const lines = (...each: string[]): string => each.map((line) => `${line}\n`).join('');

const backing = lines(
  'int fuse_backing_open(void)',
  '{',
  '\tint err;',
  '\tSTALE(err);',
  '\treturn err;',
  '}',
  '',
  'int fuse_backing_close(void)',
  '{',
  '\tint err;',
  '\tLEAK(fb);',
  '\treturn err;',
  '}',
);

const tree = memoryTree({ 'fs/fuse/backing.c': backing, 'fs/fuse/dev.c': lines('int dev(void)', '{', '\tLEAK(req);', '}'), README: 'x\n' });

/** A patch that replaces the lines from `at` (1-based) of a file. */
function diff(file: string, at: number, old: readonly string[], now: readonly string[]): string {
  return [
    `--- a/${file}`,
    `+++ b/${file}`,
    `@@ -${at},${old.length} +${at},${now.length} @@`,
    ...old.map((line) => `-${line}`),
    ...now.map((line) => `+${line}`),
    '',
  ].join('\n');
}

async function patchesOf(...diffs: string[]): Promise<readonly Patch[]> {
  const { patches, problems } = await readSeries(diffs.map((text, index) => ({ name: `${index + 1}.diff`, bytes: Buffer.from(text) })));
  expect(problems).toEqual([]);
  return patches;
}

async function review(diffs: readonly string[], options: ReviewOptions = plain, base = tree): Promise<SeriesReview> {
  return new Reviewer(new ToyAnalyst(), [fuse]).review(base, await patchesOf(...diffs), options);
}

const told = (findings: readonly { readonly status: string; readonly rule: string; readonly function: string }[]): string[] =>
  findings.map((finding) => `${finding.status} ${finding.rule} in ${finding.function}`);

describe('a check', () => {
  test('lists findings in order of file and place', () => {
    const { findings, problems, stats } = new Reviewer(new ToyAnalyst(), [fuse]).check(tree, plain);
    expect(told(findings)).toEqual([
      'unchanged stale-errno in fuse_backing_open',
      'unchanged leak in fuse_backing_close',
      'unchanged leak in dev',
    ]);
    expect(problems).toEqual([]);
    expect(stats).toMatchObject({ files: 2, functions: 3, suppressed: 0 });
  });

  test('keeps to the paths asked for, and its figures with it', () => {
    const { findings, stats } = new Reviewer(new ToyAnalyst(), [fuse]).check(tree, { ...plain, paths: ['fs/fuse/dev.c'] });
    expect(told(findings)).toEqual(['unchanged leak in dev']);
    expect(stats).toMatchObject({ files: 1, functions: 1 });
  });

  test('says that a path holds nothing of the subsystem instead of calling it clean', () => {
    const { problems } = new Reviewer(new ToyAnalyst(), [fuse]).check(tree, { ...plain, paths: ['README', 'fs'] });
    expect(problems).toEqual([
      { where: 'README', message: expect.stringMatching(/nothing was checked there/) as string, severity: 'error' },
    ]);
  });

  test('of a tree without the subsystem says what was looked for', () => {
    const { problems } = new Reviewer(new ToyAnalyst(), [fuse]).check(memoryTree({ 'fs/ext4/inode.c': '' }, 'linux'), plain);
    expect(problems).toEqual([{ where: 'linux', message: expect.stringContaining('fuse_backing_open()') as string, severity: 'error' }]);
  });

  test('says which of several subsystems it took', () => {
    const both = memoryTree({ 'fs/fuse/backing.c': backing, 'drivers/fuse/backing.c': backing });
    expect(new Reviewer(new ToyAnalyst(), [fuse]).check(both, plain).problems[0]).toMatchObject({
      message: expect.stringMatching(/fs\/fuse was taken, drivers\/fuse left out/) as string,
      severity: 'warning',
    });
    const other = new Reviewer(new ToyAnalyst(), [fuse]).check(both, { ...plain, folder: 'drivers/fuse' });
    expect(other.problems).toEqual([]);
    expect(other.findings[0]?.file).toBe('drivers/fuse/backing.c');
  });

  test('hides what the baseline knows and names what it knows in vain', () => {
    const baseline: Baseline = {
      version: 2,
      findings: [
        { id: 'leak:dev:req', rule: 'leak', file: 'fs/fuse/dev.c', function: 'dev' },
        { id: 'leak:dev:old', rule: 'leak', file: 'fs/fuse/dev.c', function: 'dev' },
      ],
    };
    const { findings, stats, stale } = new Reviewer(new ToyAnalyst(), [fuse]).check(tree, { ...plain, baseline });
    expect(findings).toHaveLength(2);
    expect(stats.suppressed).toBe(1);
    expect(stale.map((entry) => entry.id)).toEqual(['leak:dev:old']);
  });

  test('says what the tree could not read', () => {
    const said = { where: 'fs/fuse/big.c', message: 'is too large', severity: 'error' } as const;
    const { problems } = new Reviewer(new ToyAnalyst(), [fuse]).check(
      Object.assign(Object.create(tree) as SourceTree, { problems: () => [said] }),
      plain,
    );
    expect(problems).toEqual([said]);
  });
});

describe('a review', () => {
  test('tells introduced from fixed and unchanged, also where lines shift', async () => {
    const { findings } = await review([
      diff('fs/fuse/backing.c', 3, ['\tint err;', '\tSTALE(err);'], ['\tint err;', '\tint x;', '\tLEAK(file);']),
    ]);
    expect(told(findings)).toEqual([
      'fixed stale-errno in fuse_backing_open',
      'introduced leak in fuse_backing_open',
      'unchanged leak in fuse_backing_close',
      'unchanged leak in dev',
    ]);
    expect(findings.map((finding) => finding.line)).toEqual([4, 5, 12, 3]);
  });

  test('compares each patch with the one before it, and the whole with the base', async () => {
    const { findings, patches, trees } = await review([
      diff('fs/fuse/dev.c', 3, ['\tLEAK(req);'], ['\tLEAK(req);', '\tLEAK(page);']),
      diff('fs/fuse/dev.c', 4, ['\tLEAK(page);'], ['\tSTALE(code);']),
    ]);
    const changed = patches.map((patch) => told(patch.findings.filter((finding) => finding.status !== 'unchanged')));
    expect(changed[0]).toEqual(['introduced leak in dev']);
    expect(changed[1]?.sort()).toEqual(['fixed leak in dev', 'introduced stale-errno in dev']);
    expect(told(findings.filter((finding) => finding.status !== 'unchanged'))).toEqual(['introduced stale-errno in dev']);
    expect(trees.map((each) => each.read('fs/fuse/dev.c')?.includes('LEAK(page)'))).toEqual([false, true, false]);
  });

  test('gives the texts before and after of every file touched', async () => {
    const { files } = await review([diff('fs/fuse/dev.c', 3, ['\tLEAK(req);'], ['\tput(req);'])]);
    expect(files.map(({ path, before, after }) => [path, before?.includes('LEAK'), after?.includes('LEAK')])).toEqual([
      ['fs/fuse/dev.c', true, false],
    ]);
  });

  test('does not call a finding fixed when its function can no longer be read', async () => {
    const { findings, patches } = await review([diff('fs/fuse/dev.c', 3, ['\tLEAK(req);'], ['\tODD();'])]);
    expect(findings.filter((finding) => finding.status === 'fixed')).toEqual([]);
    expect(patches[0]!.problems[0]!.message).toMatch(/dev is not analysed with the patch, so it is not known whether its 1 finding/);
  });

  test('says that a finding may be older when its function could not be read before', async () => {
    const base = memoryTree({
      'fs/fuse/backing.c': backing,
      'fs/fuse/dev.c': lines('int dev(void)', '{', '\tODD();', '\tLEAK(req);', '}'),
    });
    const { findings, patches } = await review([diff('fs/fuse/dev.c', 3, ['\tODD();', '\tLEAK(req);'], ['\tLEAK(req);'])], plain, base);
    expect(told(findings)).toContain('introduced leak in dev');
    expect(patches[0]!.problems[0]!.message).toMatch(/may be older than the patch/);
  });

  test('does not take a renamed file for new findings', async () => {
    const rename = lines(
      'diff --git a/fs/fuse/dev.c b/fs/fuse/device.c',
      'similarity index 100%',
      'rename from fs/fuse/dev.c',
      'rename to fs/fuse/device.c',
    );
    const { findings } = await review([rename]);
    expect(told(findings).filter((text) => !text.startsWith('unchanged'))).toEqual([]);
    expect(findings.at(-1)?.file).toBe('fs/fuse/device.c');
  });

  test('goes on with the rest when a hunk does not apply', async () => {
    const wrong = diff('fs/fuse/backing.c', 4, ['\tnot there;'], ['\tx;']);
    const right = diff('fs/fuse/dev.c', 3, ['\tLEAK(req);'], ['\tput(req);']);
    const result = await review([`${wrong}${right}`]);
    expect(told(result.findings)).toContain('fixed leak in dev');
    expect(allProblems(result)).toEqual([expect.objectContaining({ where: 'fs/fuse/backing.c', severity: 'error' })]);
  });

  test('checks a tree once more for each patch that changes something, and not for one that does not', async () => {
    const analyst = new ToyAnalyst();
    const patches = await patchesOf(
      diff('fs/fuse/backing.c', 4, ['\tnot there;'], ['\tx;']),
      diff('fs/fuse/dev.c', 3, ['\tLEAK(req);'], ['\tput(req);']),
    );
    new Reviewer(analyst, [fuse]).review(tree, patches, plain);
    expect(analyst.runs).toBe(2);
  });

  test('can be stopped between two patches', async () => {
    const analyst = new ToyAnalyst();
    const reviewer = new Reviewer(analyst, [fuse]);
    const patches = await patchesOf(diff('fs/fuse/dev.c', 3, ['\tLEAK(req);'], ['\tput(req);']));
    const steps = reviewer.reviewing(reviewer.apply(tree, patches, plain), plain);
    expect(steps.next()).toEqual({ done: false });
    expect(analyst.runs).toBe(0);
    expect(steps.next()).toEqual({ done: false });
    expect(analyst.runs).toBe(1);
  });

  test('says that a series is about another part of the kernel', async () => {
    const { problems } = await review([diff('README', 1, ['x'], ['y'])]);
    expect(problems).toEqual([expect.objectContaining({ where: 'fs/fuse', severity: 'warning' })]);
  });

  test('does not let a patch silence the reviewer unheard', async () => {
    const { findings, stats, problems } = await review([
      diff('fs/fuse/dev.c', 3, ['\tLEAK(req);'], ['\tLEAK(req);', '\tLEAK(page); // fuse-review: allow leak trust me']),
    ]);
    expect(findings.filter((finding) => finding.status === 'introduced')).toEqual([]);
    expect(stats.suppressed).toBe(1);
    expect(problems).toEqual([
      { where: 'fs/fuse/dev.c', line: 4, message: 'the series itself allows leak here, giving as reason: trust me', severity: 'warning' },
    ]);
  });

  test('does not call a finding fixed because the patch allows it, nor introduced because it no longer does', async () => {
    const comment = ' // fuse-review: allow leak the caller frees it';
    const adds = await review([diff('fs/fuse/dev.c', 3, ['\tLEAK(req);'], [`\tLEAK(req);${comment}`])]);
    expect(told(adds.findings).filter((text) => text.endsWith('in dev'))).toEqual([]);
    const base = memoryTree({ 'fs/fuse/backing.c': backing, 'fs/fuse/dev.c': lines('int dev(void)', '{', `\tLEAK(req);${comment}`, '}') });
    const removes = await review([diff('fs/fuse/dev.c', 3, [`\tLEAK(req);${comment}`], ['\tLEAK(req);'])], plain, base);
    expect(told(removes.findings)).toContain('unchanged leak in dev');
  });
});
