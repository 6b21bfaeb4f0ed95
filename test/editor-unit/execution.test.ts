import { describe, expect, test } from 'vitest';
import { utf16Column } from '../../extension/editor/host/execution/columns.js';
import {
  answersOf,
  executionSummary,
  executionTotal,
  executionVerdict,
  mainFrame,
  summaryOfAll,
  totalVerdict,
} from '../../extension/editor/host/execution/outcome.js';
import { cacheFolder, readExecutionSettings } from '../../extension/editor/host/settings-values.js';
import { ok } from '../../extension/model/result.js';
import { cleanExecution, doubtfulExecution, failedExecution, refusedExecution } from '../webview/sample-execution.js';

const [failed, clean, doubtful, refused] = [failedExecution, cleanExecution, doubtfulExecution, refusedExecution].map(
  ({ execution }) => execution,
) as [
  typeof failedExecution.execution,
  typeof failedExecution.execution,
  typeof failedExecution.execution,
  typeof failedExecution.execution,
];

describe('what a run in a kernel comes to', () => {
  test('has a verdict: one that differs from the simulator has failed, one in doubt has not passed', () => {
    expect([failed, clean, doubtful, refused].map(executionVerdict)).toEqual(['failed', 'passed', 'unknown', 'not run']);
    expect(executionVerdict({ ...clean, agreement: failed.agreement })).toBe('failed');
    expect(executionVerdict({ ...clean, agreement: doubtful.agreement })).toBe('passed');
  });

  test('is told in a line, with the reason where there is one', () => {
    expect([failed, clean, doubtful, refused].map(executionSummary)).toEqual([
      '2 reports: KASAN: slab-use-after-free in fuse_backing_get+0x1c/0x80; the simulator differs',
      'no error; the simulator agrees',
      'unknown: kmemleak did not see its canary; not compared (the simulator was stopped after 60 s) (failslab at point 3 of step 1)',
      'not run: no operation abort in this guest',
    ]);
  });

  test('of several faults is the worst of them', () => {
    expect(totalVerdict([clean, doubtful, failed, clean])).toBe('failed');
    expect(totalVerdict([])).toBe('not run');
    expect(summaryOfAll([clean, failed])).toBe(
      '2 runs, 1 failed: 2 reports: KASAN: slab-use-after-free in fuse_backing_get+0x1c/0x80; the simulator differs',
    );
    expect(executionTotal(['passed', 'failed', 'passed'])).toBe('3 scenarios in QEMU: 1 failed, 2 passed');
  });

  test('is shown at the innermost frame of the subsystem, or else of the tree', () => {
    const [report] = failed.reports;
    expect(mainFrame(report!, 'fs/fuse')?.function).toBe('fuse_backing_get');
    expect(mainFrame(report!, 'fs/ext4')?.function).toBe('dump_stack_lvl');
    expect(mainFrame({ ...report!, frames: [], related: [] }, 'fs/fuse')).toBeUndefined();
  });

  test('is compared as texts that differ only where the two do', () => {
    const { simulated, executed } = answersOf(failed);
    expect(simulated.split('\n').slice(0, 4)).toEqual(executed.split('\n').slice(0, 4));
    expect(simulated.split('\n')[4]).toBe('backing-close(id=1) = -EBUSY or 0');
    expect(executed.split('\n')[4]).toBe('backing-close(id=1) = -ENOENT');
  });
});

describe('the settings', () => {
  test('have defaults for what is missing or wrong', () => {
    const defaults = { profile: 'verdict', faults: 'none', rounds: 20, keep: true };
    expect(readExecutionSettings(() => undefined)).toEqual(defaults);
    const wrong: Record<string, unknown> = { rounds: 0, profile: 'fast', failNth: -1 };
    expect(readExecutionSettings((name) => wrong[name])).toEqual(defaults);
    const set: Record<string, unknown> = { rounds: 200, profile: 'trace', failNth: 'all' };
    expect(readExecutionSettings((name) => set[name])).toEqual({ profile: 'trace', faults: 'all', rounds: 200, keep: true });
    expect(readExecutionSettings((name) => (name === 'failNth' ? 3 : null)).faults).toBe(3);
  });

  test('name a folder that is absolute, or the cache of the user', () => {
    expect(cacheFolder('', '/home/me', undefined)).toEqual(ok('/home/me/.cache/fuse-review'));
    expect(cacheFolder(undefined, '/home/me', '/var/cache/me')).toEqual(ok('/var/cache/me/fuse-review'));
    expect(cacheFolder(' /big/disk ', '/home/me', undefined)).toEqual(ok('/big/disk'));
    expect(cacheFolder('~/builds', '/home/me', undefined)).toEqual(ok('/home/me/builds'));
    expect(cacheFolder('builds', '/home/me', undefined)).toEqual({
      ok: false,
      failure: 'fuseReview.execution.cache is not an absolute path: builds',
    });
  });
});

test('columns of compilers are bytes, those of editors are not', () => {
  expect(utf16Column('\treturn x;', 9)).toBe(8);
  expect(utf16Column('/* é€😀 */ x', 17)).toBe(11);
  expect(utf16Column('ab', 9)).toBe(2);
});
