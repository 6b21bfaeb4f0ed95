// Results on disk, whatever happens to the disk: what is read is what was written, or nothing.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ResultCache, cachedBytes, clearResults } from '../../extension/runner/result-cache.js';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'fuse-review-cache-'));
const cache = join(folder, 'cache');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => rmSync(cache, { recursive: true, force: true }));

const stored = (result: string): { readonly result: string; readonly restsOn: null } => ({ result, restsOn: null });
const fileOf = (question: string, tree: string): string => join(cache, 'results', 'v1', question, tree);

test('what was answered is there, by question and tree', () => {
  const one = new ResultCache(cache, 'v1');
  one.put('q', 't', stored('yes'));
  expect(one.get('q', 't')).toEqual(stored('yes'));
  expect(new ResultCache(cache, 'v1').get('q', 't')).toEqual(stored('yes'));
  expect(one.get('q', 'u')).toBeUndefined();
  expect(one.get('r', 't')).toBeUndefined();
  expect(new ResultCache(cache, 'v2').get('q', 't')).toBeUndefined();
});

test('what was answered on other trees comes newest first, and the oldest make room', () => {
  const one = new ResultCache(cache, 'v1');
  for (let at = 0; at < 12; at++) {
    one.put('q', `t${at}`, stored(`${at}`));
    const when = new Date(Date.UTC(2026, 0, 1 + at));
    utimesSync(fileOf('q', `t${at}`), when, when);
  }
  one.put('q', 't12', stored('12'));
  expect([...one.others('q')].map(({ stored }) => stored.result)).toEqual(['12', '11', '10', '9', '8', '7', '6', '5']);
});

test('versions that nobody uses any more go', () => {
  for (const version of ['v1', 'v2', 'v3']) {
    new ResultCache(cache, version).put('q', 't', stored(version));
    const when = new Date(Date.now() - 100_000 + 1000 * Number(version.slice(1)));
    utimesSync(join(cache, 'results', version), when, when);
  }
  expect(readdirSync(join(cache, 'results')).sort()).toEqual(['v2', 'v3']);
});

test('its size is told, and it can be cleared', () => {
  expect(cachedBytes(cache)).toBe(0);
  clearResults(cache);
  new ResultCache(cache, 'v1').put('q', 't', stored('yes'));
  expect(cachedBytes(cache)).toBe(readFileSync(fileOf('q', 't')).length);
  clearResults(cache);
  expect(cachedBytes(cache)).toBe(0);
});

test('a damaged, truncated, foreign or half-written entry is none', () => {
  const one = new ResultCache(cache, 'v1');
  const answer = stored('the answer '.repeat(20));
  one.put('q', 't', answer);
  const path = fileOf('q', 't');
  const whole = readFileSync(path);
  const foreign = [Buffer.alloc(0), Buffer.from('{}'), Buffer.from('\n'), Buffer.from('null\nnull'), Buffer.from('\0\n{"result":"no"}')];
  const damage = fc.oneof(
    fc.nat(whole.length - 1).map((length) => whole.subarray(0, length)),
    fc.record({ at: fc.nat(whole.length - 1), by: fc.integer({ min: 1, max: 255 }) }).map(({ at, by }) => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ by;
      return bytes;
    }),
    fc
      .record({ from: fc.nat(whole.length - 1), bytes: fc.uint8Array({ minLength: 1 }) })
      .map(({ from, bytes }) => Buffer.concat([whole.subarray(0, from), bytes])),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(...foreign),
  );
  fc.assert(
    fc.property(damage, (bytes) => {
      writeFileSync(path, bytes);
      const read = one.get('q', 't');
      if (bytes.equals(whole)) expect(read).toEqual(answer);
      else expect(read).toBeUndefined();
      expect([...one.others('q')]).toHaveLength(read === undefined ? 0 : 1);
    }),
    { numRuns: 1000, seed: 1 },
  );
  one.put('q', 't', answer);
  expect(one.get('q', 't')).toEqual(answer);
});

test('folders, dead links and files in the way are none', () => {
  const one = new ResultCache(cache, 'v1');
  mkdirSync(fileOf('q', 't'), { recursive: true });
  symlinkSync(join(folder, 'nowhere'), fileOf('q', 'u'));
  expect([one.get('q', 't'), one.get('q', 'u'), ...one.others('q')]).toEqual([undefined, undefined]);
  one.put('q', 't', stored('no'));
  writeFileSync(join(cache, 'results/v1/r'), 'a file');
  one.put('r', 't', stored('no'));
  expect(one.get('r', 't')).toBeUndefined();
  const nowhere = new ResultCache(join(folder, 'a file', 'cache'), 'v1');
  writeFileSync(join(folder, 'a file'), '');
  nowhere.put('q', 't', stored('no'));
  expect(nowhere.get('q', 't')).toBeUndefined();
});

describe('processes beside each other', () => {
  const script = join(folder, 'beside.mjs');
  beforeAll(async () => {
    await esbuild.build({
      stdin: {
        contents: `
          import { ResultCache } from './extension/runner/result-cache.ts';
          const [cache, name] = process.argv.slice(2);
          const one = new ResultCache(cache, 'v1');
          let wrong = 0, found = 0;
          for (let at = 0; at < 300; at++) {
            const [question, tree] = ['q' + (at % 3), 't' + (at % 11)];
            one.put(question, tree, { result: (question + ' ' + tree + ' ').repeat(2000), restsOn: null });
            for (const { stored: other } of one.others(question)) { found++; if (!/^(q\\d t\\d+ )\\1*$/.test(other.result) || !other.result.startsWith(question)) wrong++; }
            const known = one.get(question, tree);
            if (known !== undefined && known.result !== (question + ' ' + tree + ' ').repeat(2000)) wrong++;
          }
          console.log(JSON.stringify({ wrong, found }));
        `,
        resolveDir: root,
      },
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'warning',
    });
  });

  const run = async (command: string, ...words: string[]): Promise<{ readonly wrong: number; readonly found: number }> =>
    JSON.parse((await promisify(execFile)(command, words)).stdout) as { wrong: number; found: number };

  test('never read what the other is writing', async () => {
    const both = await Promise.all([run(process.execPath, script, cache), run(process.execPath, script, cache)]);
    for (const { wrong, found } of both) {
      expect(wrong).toBe(0);
      expect(found).toBeGreaterThan(100);
    }
    expect(readdirSync(join(cache, 'results/v1/q0')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('go on where nothing more fits on the disk', async () => {
    // No file may be longer than 1 KB: writing fails halfway, as it does where the disk is full.
    const { wrong, found } = await run('sh', '-c', 'trap "" XFSZ; ulimit -f 1; exec "$0" "$@"', process.execPath, script, cache);
    expect({ wrong, found }).toEqual({ wrong: 0, found: 0 });
    expect(readdirSync(join(cache, 'results/v1/q0'))).toEqual([]);
  });

  test('go on where nothing may be written', async () => {
    mkdirSync(cache);
    chmodSync(cache, 0o555);
    // Who runs as root may write there all the same; where the kernel keeps its own files nobody may.
    const places = process.getuid?.() === 0 ? ['/proc/self'] : [cache, '/proc/self'];
    for (const place of places) expect(await run(process.execPath, script, place)).toEqual({ wrong: 0, found: 0 });
    chmodSync(cache, 0o755);
  });
});
