// Patches made after reports of people who do this work: what is told of each, on Linux 7.2.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { causeText } from '../../extension/review/report/text/cause-text.js';
import type { Runner } from '../../extension/runner/runner.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { testRunner } from '../support/runner.js';
import { folderTree, skipWithoutTree, treeFolder } from '../support/trees.js';
import { bundledScenarios, reviewed, type Reviewed } from './reviewed.js';

const root = join(import.meta.dirname, '../..');
const cases = process.env.FUSE_REVIEW_CASES ?? join(root, '../shared/cases');
const why = skipWithoutTree('linux-7.2')
  ? 'linux-7.2 is not unpacked, run npm run trees'
  : existsSync(join(cases, 'rename-only.patch'))
    ? ''
    : `the patches are not in ${process.env.FUSE_REVIEW_CASES ?? '../shared/cases'}`;
const patience = 120_000;

/** Ids given, looked up, closed while in use, left until the mount ends; with threads and without. */
const scenarios = [
  'thread-five-steps',
  'unmount-busy',
  'unmount-with-ids-left',
  'close-twice-while-open',
  'open-two-inodes-one-id',
  'id-after-close',
  'no-capability-open',
  'parallel-close',
];

describe.skipIf(why !== '')(`patches for Linux 7.2${why && ` (${why})`}`, () => {
  let parser: SyntaxParser;
  let runner: Runner;
  beforeAll(async () => {
    parser = await createParser();
    runner = await testRunner(2);
  });
  afterAll(() => parser.dispose());

  const of = (file: string): Promise<Reviewed> =>
    reviewed(folderTree(treeFolder('linux-7.2') ?? ''), join(cases, file), { parser, runner, scenarios: bundledScenarios(...scenarios) });

  test.each([
    ['idr-to-xarray-right.patch', 'fuse_conn.backing_files'],
    ['rename-only.patch', 'fuse_conn.backing_ids'],
  ])('%s changes nothing but what the index is called', { timeout: patience }, async (file, after) => {
    const { causes, behaviour, verdict } = await of(file);
    expect(causes).toEqual([]);
    expect(behaviour.changes).toEqual([]);
    expect(behaviour.respelt).toEqual([{ before: 'fuse_conn.backing_files_map', after }]);
    expect(behaviour).toMatchObject({ introduced: [], fixed: [], notRun: [], stopped: [], compared: scenarios.length });
    expect(verdict).toMatchObject({ kind: 'clean', gaps: [] });
  });

  test('idr-to-xarray-wrong.patch answers 0 in place of the id, and all else follows from that', { timeout: patience }, async () => {
    const { causes, behaviour, verdict } = await of('idr-to-xarray-wrong.patch');
    expect(behaviour.introduced).toEqual([]);
    const [cause, ...others] = causes;
    expect(others).toEqual([]);
    expect(cause?.severity).toBe('behaviour');
    expect(cause && causeText(cause)).toMatch(/^backing-open answers 0 where it answered 1, 2/);
    for (const { operation, before, after } of cause?.changes ?? []) {
      expect(operation).toMatch(/^backing-open/);
      expect(['1', '2']).toContain(before.answer);
      expect(after.answer).toBe('0');
    }
    // Of the busy unmount too: which a later step of that path tells, and that the id was not known is why.
    const rest = behaviour.changes.filter((change) => cause?.changes.includes(change) !== true);
    expect(rest.length).toBeGreaterThan(3);
    expect(rest.filter(({ follows }) => !follows)).toEqual([]);
    expect(rest.map(({ scenario }) => scenario)).toContain('unmount-busy');
    expect(behaviour.respelt).toEqual([{ before: 'fuse_conn.backing_files_map', after: 'fuse_conn.backing_files' }]);
    expect(verdict.kind).toBe('behaviour');
  });

  test('own-cache.patch has no error: the cache is there before it is used', { timeout: patience }, async () => {
    const { behaviour } = await of('own-cache.patch');
    expect(behaviour).toMatchObject({ introduced: [], notRun: [], stopped: [], compared: scenarios.length });
    expect(behaviour.changes.filter(({ before, after, follows }) => !follows && before.answer !== after.answer)).toEqual([]);
  });

  test('new-file.diff adds a file as diff -ruN writes it, and introduces nothing', { timeout: patience }, async () => {
    const { review, causes, behaviour, verdict } = await of('new-file.diff');
    const [file] = review.patches[0]?.files ?? [];
    expect(file).toMatchObject({ path: 'fs/fuse/backing_debug.c', change: 'added', hunks: 1, hunksApplied: 1, problems: [] });
    expect(review.trees.at(-1)?.read('fs/fuse/backing_debug.c')).toContain('int fuse_backing_count(struct fuse_backing *fb)\n');
    expect(causes).toEqual([]);
    expect(behaviour).toMatchObject({ introduced: [], changes: [], respelt: [] });
    expect(verdict.kind).toBe('clean');
  });
});
