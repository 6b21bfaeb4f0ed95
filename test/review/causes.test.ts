// The causes of the sample's series: what the checker, the runs and the answers say of one mistake stands together.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { causeText } from '../../extension/review/report/text/cause-text.js';
import type { Cause } from '../../extension/review/causes.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { testRunner } from '../support/runner.js';
import { folderTree } from '../support/trees.js';
import { bundledScenarios, reviewed, type Reviewed } from './reviewed.js';

const sample = join(import.meta.dirname, '../../sample');
const patience = 120_000;

describe('the sample’s series', () => {
  let parser: SyntaxParser;
  let whole: Reviewed;
  beforeAll(async () => {
    parser = await createParser();
    const how = { parser, runner: await testRunner(2), scenarios: bundledScenarios() };
    whole = await reviewed(folderTree(join(sample, 'tree')), join(sample, 'series.mbox'), how);
  }, patience);
  afterAll(() => parser.dispose());

  const errorsOf = ({ errors }: Cause): string[] =>
    errors.map(({ counterexample: { error } }) => `${error.kind}@${error.at?.function ?? 'the end'}`);
  const findingsOf = ({ findings }: Cause): string[] => findings.map((finding) => `${finding.rule}@${finding.function}`);
  const answersOf = ({ changes }: Cause): string[] =>
    changes
      .filter(({ before, after }) => before.answer !== after.answer)
      .map(({ operation, before, after }) => `${operation}: ${before.answer} → ${after.answer}`);

  test('has five causes, worst first, each of one patch', () => {
    expect(whole.causes.map((cause) => [cause.severity, cause.patch, errorsOf(cause), findingsOf(cause), answersOf(cause)])).toEqual([
      [
        'error',
        0,
        ['use-after-free@fuse_backing_unpublish', 'use-after-free@fuse_backing_files_free', 'dangling-reference@the end'],
        [],
        [],
      ],
      ['error', 1, ['null-dereference@fuse_passthrough_cred'], [], []],
      ['error', 2, ['leak@the end'], ['ladder-label@fuse_backing_open'], []],
      ['finding', 2, [], ['leak@fuse_backing_open'], []],
      [
        'behaviour',
        3,
        [],
        [],
        [
          'backing-open(fd=bad): -EPERM → -EBADF',
          'backing-open(fd=directory): -EPERM → -EISDIR',
          'backing-open(fd=regular,flags=LOWEST): -EPERM → -EINVAL',
        ],
      ],
    ]);
  });

  test('has ids that tell its causes apart', () => {
    expect(whole.causes.map(({ id }) => id)).toEqual([
      'reference fuse_backing fuse_backing_close',
      expect.stringMatching(/^error null-dereference\|fuse_passthrough_cred\b/) as string,
      'reference file fuse_backing_open',
      'reference file fuse_backing_open 2',
      'behaviour error -EPERM',
    ]);
  });

  test('patch 1: the close that gives away the index’s reference is to blame, told by the five steps of the thread', () => {
    const [cause] = whole.causes;
    expect(cause?.blame).toMatchObject({ object: 'fuse_backing', function: 'fuse_backing_close', operation: 2, excess: -1 });
    const [first] = cause?.errors ?? [];
    expect(first).toMatchObject({ scenario: 'thread-five-steps', counterexample: { faults: 0, preemptions: 0 } });
    expect(first?.counterexample.trace.operations.map(({ text }) => text.replace(/\(.*/, ''))).toEqual([
      'backing-open',
      'open',
      'backing-close',
      'release',
      'backing-close',
    ]);
    // It is not the second close that is wrong, though that is the one which reads freed memory.
    const { trace } = first!.counterexample;
    expect(trace.operations[cause?.blame?.operation ?? -1]?.text).toMatch(/^backing-close/);
    expect(trace.steps.findLast(({ kind }) => kind === 'error')?.operation).toBe(4);
  });

  test('patch 2: two threads and one preemption show the NULL pointer', () => {
    const [, cause] = whole.causes;
    expect(cause?.errors).toMatchObject([{ scenario: 'parallel-release-and-open', counterexample: { preemptions: 1 } }]);
  });

  test('patch 3: the file from fget() is one cause of both engines, that from dentry_open() another', () => {
    const [, , lost, other] = whole.causes;
    expect(lost && causeText(lost)).toContain('fget()');
    expect(lost?.errors).toMatchObject([{ scenario: 'open-stacked', counterexample: { faults: 1 } }]);
    expect(lost?.blame).toMatchObject({ object: 'file', function: 'fuse_backing_open', operation: 0, excess: 1 });
    expect(other && causeText(other)).toContain('dentry_open()');
    expect(other?.blame).toBeNull();
  });

  test('patch 4: what a caller without privileges is answered is one change, with no flaw', () => {
    const cause = whole.causes.at(-1);
    expect(cause && causeText(cause)).toBe(
      'backing-open without capabilities: -EPERM is no longer what is answered first: -EBADF, -EISDIR, -EINVAL',
    );
    expect(cause?.changes.map(({ capabilities, scenario }) => [capabilities, scenario])).toEqual([
      [[], 'no-capability-open'],
      [[], 'no-capability-open'],
      [[], 'no-capability-open'],
    ]);
  });

  test('has all that it introduces in one cause, and nothing twice', () => {
    const { review, behaviour, causes } = whole;
    const introduced = [
      ...review.findings.filter(({ status }) => status === 'introduced'),
      ...behaviour.introduced,
      ...behaviour.changes.filter(({ follows }) => !follows),
    ];
    const told = causes.flatMap(({ findings, errors, changes }) => [...findings, ...errors, ...changes]);
    expect(told).toHaveLength(introduced.length);
    expect(new Set<object>(told)).toEqual(new Set<object>(introduced));
    expect(introduced.length).toBeGreaterThan(9);
    expect(new Set(causes.map(({ id }) => id)).size).toBe(causes.length);
  });

  test('is told by patch: each cause under the one that brings it, none under the whole', () => {
    expect(whole.verdict.kind).toBe('found');
    expect(whole.verdict.gaps).toEqual([]);
    expect(whole.verdict.patches.map(({ patch, causes }) => [patch, causes.length])).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
      [3, 1],
    ]);
    expect(whole.verdict.patches.flatMap(({ causes }) => causes)).toEqual(whole.causes);
  });

  test('spells no holder otherwise, and fixes nothing', () => {
    expect(whole.behaviour).toMatchObject({ respelt: [], fixed: [], start: [], stopped: [], notRun: [] });
  });
});
