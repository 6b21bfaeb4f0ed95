// What one process read of the cache or wrote to it is not read twice, and is what is on disk.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RememberedResults } from '../../extension/runner/remembered-results.js';
import { ResultCache, type StoredResult } from '../../extension/runner/result-cache.js';

let folder: string;

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'fuse-review-remembered-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const of = (result: number): StoredResult<number> => ({ result, restsOn: null });
const opened = (): RememberedResults => new RememberedResults(new ResultCache(folder, 'v'));
const others = (results: RememberedResults): number[] => [...results.others<number>('q')].map(({ result }) => result);

test('another process finds what was written', () => {
  opened().put('q', 'a', of(1));
  const later = opened();
  expect(later.get('q', 'a')).toEqual(of(1));
  expect(later.get('q', 'b')).toBeUndefined();
  expect(later.get('p', 'a')).toBeUndefined();
});

test('what was read is not read again', () => {
  opened().put('q', 'a', of(1));
  opened().put('q', 'b', of(2));
  const results = opened();
  expect(results.get('q', 'a')).toEqual(of(1));
  expect(others(results).sort()).toEqual([1, 2]);
  rmSync(folder, { recursive: true });
  expect(results.get('q', 'a')).toEqual(of(1));
  expect(others(results).sort()).toEqual([1, 2]);
});

test('who looks at the first of others alone finds all of them the next time', () => {
  for (const [at, tree] of ['a', 'b', 'c'].entries()) opened().put('q', tree, of(at));
  const results = opened();
  expect(results.others<number>('q').next().done).toBe(false);
  expect(others(results).sort()).toEqual([0, 1, 2]);
});

test('what was written last is met first, and takes the place of what was there', () => {
  const results = opened();
  for (const [at, tree] of ['a', 'b', 'a'].entries()) results.put('q', tree, of(at));
  expect(others(results)).toEqual([2, 1]);
  expect(results.get('q', 'a')).toEqual(of(2));
});

test('of one question a few trees are remembered', () => {
  const results = opened();
  for (let tree = 0; tree < 50; tree++) results.put('q', String(tree), of(tree));
  expect(others(results)).toContain(49);
  expect(others(results).length).toBeLessThan(20);
});
