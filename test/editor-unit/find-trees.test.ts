import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { candidateRoots } from '../../extension/editor/worker/find-trees.js';

let base = '';
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'fuse-review-trees-'));
  for (const folder of ['src/linux/fs/fuse', 'src/linux/include/linux', 'src/other/docs', 'plain', '.hidden/linux/fs/fuse']) {
    mkdirSync(join(base, folder), { recursive: true });
  }
  symlinkSync(base, join(base, 'src', 'loop'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('the tree of a workspace folder', () => {
  test('is the folder itself', () => expect(candidateRoots(join(base, 'src/linux'), ['fs/fuse'])).toEqual([join(base, 'src/linux')]));
  test('is around it when fs/fuse or fs is open', () => {
    expect(candidateRoots(join(base, 'src/linux/fs/fuse'), ['fs/fuse'])).toEqual([join(base, 'src/linux')]);
    expect(candidateRoots(join(base, 'src/linux/fs'), ['fs/fuse'])).toEqual([join(base, 'src/linux')]);
  });
  test('is within it, past links that lead in circles and hidden folders', () =>
    expect(candidateRoots(base, ['fs/fuse'])).toEqual([join(base, 'src/linux')]));
  test('is not taken from around a folder that holds nothing of it', () => {
    expect(candidateRoots(join(base, 'src/linux/include'), ['fs/fuse'])).toEqual([join(base, 'src/linux/include')]);
  });
  test('may be a folder that holds the files of the subsystem alone', () =>
    expect(candidateRoots(join(base, 'plain'), ['fs/fuse'])).toEqual([join(base, 'plain')]));
});
