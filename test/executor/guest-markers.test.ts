// What a line of the log belongs to.
import { describe, expect, test } from 'vitest';
import { belongings } from '../../extension/executor/guest-markers.js';
import { logLines } from '../../extension/executor/log-lines.js';

const of = (...lines: string[]) =>
  belongings(logLines(lines.join('\n'))).map(({ run, round, operation, canary }) => [run, round, operation, canary ?? '']);

describe('a line', () => {
  test('belongs to the operation under way, and to the last one until the next begins', () => {
    const lines = ['boot', 'fuse-review: setup 7 0', 'x', 'fuse-review: begin 7 0 0 0', 'x', 'fuse-review: end 7 0 0 0 -16', 'x'];
    expect(of(...lines, 'fuse-review: begin 7 0 1 0', 'x', 'fuse-review: end 7 0 1 0 3', 'fuse-review: teardown 7 0', 'x')).toEqual([
      [-1, -1, -1, ''],
      [7, 0, -1, ''],
      [7, 0, -1, ''],
      [7, 0, 0, ''],
      [7, 0, 0, ''],
      [7, 0, 0, ''],
      [7, 0, 0, ''],
      [7, 0, 1, ''],
      [7, 0, 1, ''],
      [7, 0, 1, ''],
      [7, 0, -1, ''],
      [7, 0, -1, ''],
    ]);
  });

  test('belongs to the canary until something else begins', () => {
    expect(of('fuse-review: canary use-after-free', 'x', 'fuse-review: setup 8 1', 'x')).toEqual([
      [-1, -1, -1, 'use-after-free'],
      [-1, -1, -1, 'use-after-free'],
      [8, 1, -1, ''],
      [8, 1, -1, ''],
    ]);
  });

  test('beside other threads belongs to what its own task began, where that is known', () => {
    const begun = ['[1.0][  T71] fuse-review: begin 7 0 1 1', '[1.0][  T72] fuse-review: begin 7 0 2 2'];
    expect(of(...begun, '[1.0][  T71] x', '[1.0][  T72] x', '[1.0][   C0] x').slice(2)).toEqual([
      [7, 0, 1, ''],
      [7, 0, 2, ''],
      [7, 0, 2, ''],
    ]);
    expect(of(...begun.map((line) => line.replace(/\[ .*?\]/, '')), '[1.0] fuse-review: end 7 0 2 2 0', '[1.0] x').at(-1)).toEqual([
      7,
      0,
      1,
      '',
    ]);
  });

  test('that is a mark cut off changes nothing', () => {
    expect(of('fuse-review: begin 7 0 1 0', 'fuse-review: begin 7', 'fuse-review: setup', 'fuse-review: x')).toEqual([
      [7, 0, 1, ''],
      [7, 0, 1, ''],
      [7, 0, 1, ''],
      [7, 0, 1, ''],
    ]);
  });
});

describe('lines', () => {
  test('lose level, stamp, caller and colours, and keep their indentation', () => {
    const log = '\u001b[2J<6>[    1.250000][   T71]  <TASK>\r\r\n[   12.000001] a\n  b\n<4>c';
    expect(logLines(log)).toEqual([
      { index: 0, text: ' <TASK>', seconds: 1.25, caller: 'T71' },
      { index: 1, text: 'a', seconds: 12.000001, caller: null },
      { index: 2, text: '  b', seconds: null, caller: null },
      { index: 3, text: 'c', seconds: null, caller: null },
    ]);
  });
});
