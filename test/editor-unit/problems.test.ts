import { describe, expect, test } from 'vitest';
import { allowComment } from '../../extension/editor/host/checking/allow-text.js';
import type { CheckedTree } from '../../extension/editor/protocol/messages.js';
import { planReplacement } from '../../extension/editor/host/checking/replacement.js';
import { notAnalysedText, statusOf } from '../../extension/editor/host/status-text.js';
import { fusePlace } from '../support/fuse.js';

const stats = {
  files: 2,
  functions: 30,
  notAnalysed: 0,
  states: 9,
  merged: 0,
  assumedCallees: [],
  assumedOptions: [],
  suppressed: 0,
  milliseconds: 1,
};
const clean: CheckedTree = { findings: [], notAnalysed: [], problems: [], stats, versions: {} };
const state = (result: CheckedTree | undefined, failure?: string) => ({
  tree: { root: '/linux', ...fusePlace },
  running: false,
  result,
  failure,
});

describe('a run', () => {
  test('sets what changed, clears what is gone, and leaves alone what is the same', () => {
    const shown = new Map([
      ['a.c', '1'],
      ['b.c', '2'],
      ['c.c', '3'],
    ]);
    const plan = planReplacement(
      shown,
      new Map([
        ['b.c', 2],
        ['c.c', 4],
        ['d.c', 5],
      ]),
      String,
    );
    expect(plan.set).toEqual(['c.c', 'd.c']);
    expect(plan.clear).toEqual(['a.c']);
    expect([...plan.shown.keys()]).toEqual(['b.c', 'c.c', 'd.c']);
  });
});

describe('the status', () => {
  test('never calls a subsystem clean that was not looked at as a whole', () => {
    const left = { ...clean, notAnalysed: [{ file: 'fs/fuse/dev.c', function: 'fuse_dev_do_read', reason: 'line 9: cannot parse' }] };
    expect(statusOf(state(left), 0)).toMatchObject({ text: 'No findings, 1 function not analysed', severity: 'warning' });
    expect(statusOf(state(clean), 0)).toMatchObject({ text: 'No findings', severity: 'information' });
    expect(statusOf(state(undefined), 0)).toMatchObject({ text: 'Not checked yet' });
    expect(statusOf(state(clean, 'the worker stopped'), 0)).toMatchObject({ text: 'Not checked', severity: 'error' });
  });

  test('says how far the first check is, and keeps the last result while a later one runs', () => {
    const progress = { phase: 'parse', done: 12, total: 34, text: 'fs/fuse/dev.c', since: 0 } as const;
    const running = (result: CheckedTree | undefined) => ({ ...state(result), running: true, progress });
    expect(statusOf(running(undefined), 2000)).toEqual({
      text: 'parsing 12 of 34 files',
      detail: 'fs/fuse: parsing 12 of 34 files, 6.0/s: fs/fuse/dev.c',
      severity: 'information',
    });
    expect(statusOf(running(clean), 2000)).toMatchObject({ text: 'No findings' });
    expect(statusOf({ ...running(undefined), running: false }, 2000)).toMatchObject({ text: 'Not checked yet' });
  });

  test('lists each function that was not analysed with its reason', () => {
    const left = { ...clean, notAnalysed: [{ file: 'fs/fuse/dev.c', function: 'fuse_dev_do_read', reason: 'line 9: cannot parse' }] };
    expect(notAnalysedText([state(left)])).toContain('fs/fuse/dev.c: fuse_dev_do_read: line 9: cannot parse');
    expect(notAnalysedText([])).toContain('No kernel tree');
  });
});

describe('an allow comment', () => {
  test('stands on a line of its own, indented as the code below it', () => {
    expect(allowComment('\t\tgoto out;', 'leak', ' freed by\nthe caller ', '\n')).toBe(
      '\t\t// fuse-review: allow leak freed by the caller\n',
    );
  });
});
