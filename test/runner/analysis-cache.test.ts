// What checks came to, on disk: found by the next process for the same texts alone, and never where anything is wrong with it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { PlainAnalysed } from '../../extension/checker/analysed.js';
import type { MadeOf } from '../../extension/review/analyst.js';
import { AnalysisCache } from '../../extension/runner/analysis-cache.js';
import { cachedBytes, clearResults } from '../../extension/runner/result-cache.js';

const root = mkdtempSync(join(tmpdir(), 'fuse-review-analyses-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const tool = join(root, 'tool.js');
let cache: string;
let count = 0;

beforeEach(() => {
  cache = join(root, `cache${++count}`);
  writeFileSync(tool, 'one');
});

const opened = (): AnalysisCache => new AnalysisCache(cache, [tool]);
const analysed: readonly PlainAnalysed[] = [
  {
    summary: { name: 'f', outcomes: [], dereferences: [], clobbers: 'none', source: '' },
    drafts: [],
    states: 3,
    merged: false,
    gaveUp: null,
    destroys: ['fuse_backing.count'],
    assumed: [['g', 2]],
  },
];
const made = (texts: Readonly<Record<string, string | undefined>>, config: Readonly<Record<string, boolean>> = {}): MadeOf => ({
  folder: 'fs/fuse',
  config: new Map(Object.entries(config)),
  texts: new Map(Object.entries(texts)),
});
const files = (): string[] =>
  readdirSync(cache, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

test('another process finds it, in whatever order the files were read', () => {
  opened().put(made({ a: '1', b: '2', c: undefined }), analysed);
  expect(opened().get(made({ c: undefined, b: '2', a: '1' }))).toEqual(analysed);
});

test.each<[string, MadeOf]>([
  ['another text', made({ a: '1', b: '3' })],
  ['a file that is not there', made({ a: '1', b: undefined })],
  ['one more file', made({ a: '1', b: '2', c: '' })],
  ['texts of each other', made({ a: '2', b: '1' })],
  ['another option', made({ a: '1', b: '2' }, { CONFIG_X: true })],
  ['another folder', { ...made({ a: '1', b: '2' }), folder: 'fs/fuse2' }],
])('%s is another question', (_, other) => {
  opened().put(made({ a: '1', b: '2' }), analysed);
  expect(opened().get(other)).toBeUndefined();
});

test('another tool does not take it', () => {
  opened().put(made({ a: '1' }), analysed);
  writeFileSync(tool, 'two');
  expect(opened().get(made({ a: '1' }))).toBeUndefined();
});

test('what is damaged or in the way is as if it were not there', () => {
  opened().put(made({ a: '1' }), analysed);
  const [file = ''] = files();
  const whole = readFileSync(file, 'utf8');
  for (const text of [whole.slice(0, -1), whole.replace('"states":3', '"states":4'), '', 'null\nnull', whole.slice(1)]) {
    writeFileSync(file, text);
    expect(opened().get(made({ a: '1' }))).toBeUndefined();
  }
  rmSync(file);
  mkdirSync(file);
  expect(opened().get(made({ a: '1' }))).toBeUndefined();
  opened().put(made({ a: '1' }), analysed);
});

test('nowhere to write is nothing to throw at', () => {
  writeFileSync(cache, 'a file');
  opened().put(made({ a: '1' }), analysed);
  expect(opened().get(made({ a: '1' }))).toBeUndefined();
});

test('counts with what is cached, and is cleared with it', () => {
  opened().put(made({ a: '1' }), analysed);
  expect(cachedBytes(cache)).toBeGreaterThan(100);
  clearResults(cache);
  expect(cachedBytes(cache)).toBe(0);
});
