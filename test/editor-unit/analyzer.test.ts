import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Analyzer } from '../../extension/editor/host/analyzer.js';

// A worker that does as the first folder says: answers, dies, throws, or never comes back.
const script = `
const { parentPort } = require('node:worker_threads');
parentPort.on('message', (message) => {
  if (message.t !== 'find-trees') return;
  switch (message.folders[0]) {
    case 'die': process.exit(3);
    case 'throw': throw new Error('a bug');
    case 'hang': for (;;);
    case 'slow': parentPort.postMessage({ t: 'progress', request: message.request, progress: { phase: 'parse', done: 1, total: 2, text: '', since: 0 } });
    default: parentPort.postMessage({ t: 'done', request: message.request, answer: { trees: [], without: message.folders } });
  }
});`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuse-review-analyzer-'));
  writeFileSync(join(folder, 'worker.cjs'), script);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let analyzer: Analyzer | undefined;
afterEach(() => analyzer?.dispose());

function start(limits = { patience: 20_000, deaths: 3 }) {
  const said: string[] = [];
  const made = new Analyzer(join(folder, 'worker.cjs'), 'check', { error: (text) => void said.push(text), debug: () => undefined }, limits);
  analyzer = made;
  let starts = 0;
  made.onDidStart(() => {
    starts++;
  });
  const find = (what: string, lane = what) => made.run({ t: 'find-trees', lane, folders: [what] });
  return { said, find, analyzer: made, starts: () => starts };
}

describe('the worker of the editor', () => {
  test('tells how far a task is to whoever asked for it, and to nobody else', async () => {
    const { analyzer: made, find } = start();
    const told: string[] = [];
    const slow = { t: 'find-trees', lane: 'slow', folders: ['slow'] } as const;
    const [ended] = await Promise.all([
      made.run(slow, ({ phase, done, total }) => told.push(`${phase} ${done}/${total}`)),
      find('slow', 'other'),
    ]);
    expect(ended).toMatchObject({ kind: 'done' });
    expect(told).toEqual(['parse 1/2']);
  });

  test('starts with the first task, not before', async () => {
    const { find, starts, analyzer: made } = start();
    made.note({ t: 'close', path: '/linux/fs/fuse/dev.c' });
    expect(starts()).toBe(0);
    expect(await find('/linux')).toEqual({ kind: 'done', answer: { trees: [], without: ['/linux'] } });
    expect(starts()).toBe(1);
  });

  test('is started anew when it dies, which is said once, and what it was at has failed', async () => {
    for (const way of ['die', 'throw']) {
      const { find, said, starts } = start();
      expect(await find(way)).toMatchObject({ kind: 'failed' });
      expect(await find('/linux')).toMatchObject({ kind: 'done' });
      expect(starts()).toBe(2);
      expect(said).toHaveLength(1);
      expect(said[0]).toMatch(/^The check worker stopped \(.*\) and is started anew\.$/);
    }
  });

  test('stays down after dying again and again, until there is a task', async () => {
    const { find, said, starts } = start({ patience: 20_000, deaths: 1 });
    await find('die');
    await find('die');
    expect(said.at(-1)).toContain('stays down');
    expect(starts()).toBe(2);
    expect(await find('/linux')).toMatchObject({ kind: 'done' });
    expect(starts()).toBe(3);
  });

  test('is replaced when it does not stop for what is cancelled', async () => {
    const { find, said, analyzer: made } = start({ patience: 200, deaths: 3 });
    const stuck = find('hang', 'lane');
    made.cancel('lane');
    expect(await stuck).toMatchObject({ kind: 'failed' });
    expect(said[0]).toContain('went on for 0.2 s');
    expect(await find('/linux')).toMatchObject({ kind: 'done' });
  });
});
