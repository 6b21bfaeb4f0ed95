import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { besideRun, summaryOf } from '../../extension/editor/host/simulation/outcome.js';
import { isRunId, RunStore } from '../../extension/editor/host/simulation/run-store.js';
import { initialView } from '../../extension/editor/protocol/webview-messages.js';
import { sampleRun } from '../webview/sample-result.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuse-review-runs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { title, result, base } = sampleRun();
const texts = { base: {}, run: { 'fs/fuse/backing.c': 'int patched;\n' } };
const keep = (store: RunStore, time: number, name = title) => store.keep('/tree', { title: name, result, base }, texts, time);

test('a run is there again for who comes later, with its texts', async () => {
  const kept = await keep(new RunStore(join(folder, 'deep', 'er')), 1000);
  expect(await new RunStore(join(folder, 'deep', 'er')).read(kept.run.id)).toEqual(kept);
  expect(kept.run).toMatchObject({ title, result });
});

test('two runs of one moment are two', async () => {
  const store = new RunStore(folder);
  const all = await Promise.all([keep(store, 1000, 'a'), keep(store, 1000, 'b'), keep(store, 1000, 'c')]);
  expect(new Set(all.map(({ run }) => run.id)).size).toBe(3);
  for (const { run } of all) {
    expect(isRunId(run.id)).toBe(true);
    expect((await store.read(run.id))?.run.title).toBe(run.title);
  }
});

test('the newest come first, and the oldest go', async () => {
  const store = new RunStore(folder, 3);
  for (const time of [1, 2, 3, 4, 5]) await keep(store, time, `run ${time}`);
  expect((await store.list()).map((about) => about.title)).toEqual(['run 5', 'run 4', 'run 3']);
  expect(readdirSync(folder)).toHaveLength(3);
});

test('a list says what each run came to, and a deleted one is gone', async () => {
  const store = new RunStore(folder);
  const { run } = await keep(store, 1000);
  await keep(store, 2000);
  const words = { scenario: result.scenario.name, verdict: 'failed', summary: summaryOf({ result, base }) };
  expect((await store.list()).map((about) => about)).toMatchObject([words, words]);
  await store.delete(run.id);
  expect((await store.list()).map(({ time }) => time)).toEqual([2000]);
  await store.delete(run.id);
  await store.delete('../elsewhere');
});

test('two runs stand beside each other, with the paths to errors that both show', () => {
  const [first] = result.counterexamples;
  if (first === undefined) throw new Error('the sample shows no error');
  expect(besideRun(result, result).traces[0]).toBe(first.trace);
  expect(besideRun(result, { ...result, counterexamples: [] }).traces[0]).toBe('the other run does not show this error');
});

test('how a page was left is kept beside its run', async () => {
  const store = new RunStore(folder);
  const { run } = await keep(store, 1000);
  expect(await store.view(run.id)).toBeNull();
  await store.keepView(run.id, { ...initialView, scroll: 120 });
  expect((await store.view(run.id))?.scroll).toBe(120);
});

test('what is broken or comes from elsewhere is no run', async () => {
  const store = new RunStore(folder);
  const { run } = await keep(store, 1000);
  writeFileSync(join(folder, run.id, 'run.json'), '{"half');
  expect(await store.read(run.id)).toBeUndefined();
  for (const id of ['../elsewhere', '', 'a/b', '..', 7, null, undefined]) expect(isRunId(id)).toBe(false);
  expect(await store.read('../../etc')).toBeUndefined();
  expect(await new RunStore(join(folder, 'none')).list()).toEqual([]);
});
