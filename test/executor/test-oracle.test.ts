// When a run proves something.
import { describe, expect, test } from 'vitest';
import { readKernelLog, type LogReport } from '../../extension/executor/kernel-log.js';
import { canaryResults, judge, ownReports, type Canary } from '../../extension/executor/test-oracle.js';

const canaries: readonly Canary[] = [
  { name: 'refcount', expected: 'refcount' },
  { name: 'warning', expected: 'warning' },
];
const refcount = 'refcount_t: addition on 0; use-after-free.';
const warning = 'WARNING: fs/fuse/dev.c:12 at fuse_open+0x1/0x20, CPU#0: init/1';
const log = (...lines: string[]): readonly LogReport[] => readKernelLog(lines.join('\n')).reports;
const noticed = ['fuse-review: canary refcount', refcount, 'fuse-review: canary warning', warning];
const verdict = (reports: readonly LogReport[], more: Partial<Parameters<typeof judge>[0]> = {}) =>
  judge({ reports, canaries: canaryResults(reports, canaries), blind: [], broken: null, ...more });

describe('a verdict', () => {
  test('is no error where all canaries were noticed and nothing else', () => {
    const reports = log(...noticed);
    expect(canaryResults(reports, canaries).map(({ seen }) => seen)).toEqual([true, true]);
    expect(verdict(reports)).toEqual({ verdict: 'no error', reason: null });
  });

  test('is errors for what came up outside canaries, however the run ended', () => {
    const reports = log('fuse-review: begin 1 0 0 0', warning, ...noticed);
    expect(ownReports(reports, canaries).map(({ operation }) => operation)).toEqual([0]);
    expect(verdict(reports)).toEqual({ verdict: 'errors', reason: null });
    expect(verdict(reports, { broken: 'the kernel stopped answering' })).toEqual({ verdict: 'errors', reason: null });
  });

  test('is errors for another kind than a canary is to give', () => {
    expect(verdict(log('fuse-review: canary refcount', warning, ...noticed)).verdict).toBe('errors');
  });

  test('is unknown where a canary was not noticed', () => {
    expect(verdict(log(...noticed.slice(0, 2)))).toEqual({
      verdict: 'unknown',
      reason: 'not noticed though done on purpose: warning (warning)',
    });
  });

  test('is unknown where the run did not end, or something stopped watching, or no canary was run', () => {
    const reports = log(...noticed);
    expect(verdict(reports, { broken: 'the kernel stopped answering' })).toEqual({
      verdict: 'unknown',
      reason: 'the kernel stopped answering',
    });
    expect(verdict(reports, { blind: [{ text: 'kmemleak: Memory pool empty' }] }).reason).toBe(
      'the kernel stopped watching: kmemleak: Memory pool empty',
    );
    expect(judge({ reports: [], canaries: [], blind: [], broken: null }).verdict).toBe('unknown');
  });
});
