import { expect, test } from 'vitest';
import {
  agreementText,
  comparedSteps,
  cutFrames,
  frameGroups,
  frameText,
  outcomeTexts,
  reportText,
  whenText,
} from '../../webview/run/execution-text.js';
import { cleanExecution, doubtfulExecution, failedExecution } from './sample-execution.js';

const { execution } = failedExecution;

test('each step has its row, also where rows are fewer, named with their number, or of no step', () => {
  const steps = comparedSteps(execution);
  expect(steps.map(({ row }) => row?.agrees)).toEqual([true, true, true, true, false]);
  const [first, , third, , fifth] = execution.agreement.rows.map((row, at) => ({ ...row, operation: `${at + 1} ${row.operation}` }));
  const lone = { operation: 'grace-period', simulated: ['0'], executed: '', agrees: false };
  const partly = comparedSteps({ ...execution, agreement: { ...execution.agreement, rows: [first!, third!, fifth!, lone] } });
  expect(partly.map(({ index, row }) => [index, row?.operation ?? null])).toEqual([
    [0, '1 backing-open(fd=regular)'],
    [1, null],
    [2, '3 backing-close(id=1)'],
    [3, null],
    [4, '5 backing-close(id=1)'],
    [-1, 'grace-period'],
  ]);
});

test('says how the two stand', () => {
  expect(agreementText(execution)).toBe('disagrees with the simulator in 1 step');
  expect(agreementText(cleanExecution.execution)).toBe('agrees with the simulator');
  expect(agreementText(doubtfulExecution.execution)).toBe('not compared with the simulator');
});

test('says of a report when and in which step it came up', () => {
  const [freed, underflow] = execution.reports;
  expect(whenText(freed!, execution.operations)).toBe('12.346 s after boot, in step 5: backing-close(id=1)');
  expect(whenText(underflow!, execution.operations)).toBe('in setup, teardown or later');
});

test('tells the rounds that answered otherwise, with the names of errors where they are known', () => {
  expect(outcomeTexts(execution)).toEqual(['1, 0, -ENOENT, 0, -ENOENT']);
  const variants = [[1, -2, null, -110, 0]];
  expect(outcomeTexts({ ...execution, variants })).toEqual(['1, 0, -ENOENT, 0, -ENOENT', '1, -ENOENT, none, -110, 0']);
});

test('writes frames as the kernel does', () => {
  const frames = execution.reports[0]!.frames.map(frameText);
  expect(frames).toContain('fuse_backing_get+0x1c/0x180');
  expect(frames).toContain('refcount_inc_not_zero (inlined)');
  expect(frames).toContain('? rcu_read_unlock_strict+0x10/0x180');
});

test('a report as text has its traces, places and the log', () => {
  const text = reportText(failedExecution, execution.reports[0]!);
  expect(text).toContain('KASAN: slab-use-after-free in fuse_backing_get+0x1c/0x80\n12.346 s after boot');
  expect(text).toContain('  fuse_backing_get+0x1c/0x180  [fs/fuse/backing.c:18]');
  expect(text).toContain('\nFreed by task 14\n  kfree');
  expect(text).toContain('Read of size 4');
});

test('shows a call trace to the last frame of the subsystem, with what says little in groups', () => {
  const { frames } = execution.reports[0]!;
  const [, , , header, own] = frames;
  const long = [...Array.from({ length: 12 }, () => frames[0]!), own!, frames[1]!];
  expect(cutFrames(long, 'fs/fuse')).toEqual({ shown: long.slice(0, 13), more: [frames[1]] });
  expect(cutFrames(long, 'fs/other').shown).toHaveLength(10);
  const unsure = { ...own!, sure: false };
  const groups = frameGroups([header!, own!, header!, header!, unsure]);
  expect(groups.map(({ summary, frames: { length } }) => [summary, length])).toEqual([
    [null, 1],
    [null, 1],
    ['2 inlined from headers, 1 not sure (?)', 3],
  ]);
});
