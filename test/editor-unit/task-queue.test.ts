import { describe, expect, test } from 'vitest';
import type { Answers, HostMessage, Note, Task, WorkerMessage } from '../../extension/editor/protocol/messages.js';
import { TaskQueue } from '../../extension/editor/worker/task-queue.js';
import { fusePlace } from '../support/fuse.js';

const settings = { config: {}, baseline: null, contracts: null };
const check = (request: number, root = '/linux'): Task => ({
  t: 'check',
  request,
  lane: `check ${root}`,
  tree: { root, ...fusePlace },
  settings,
});
const review = (request: number): Task => ({
  t: 'review',
  request,
  lane: 'review 1',
  tree: { root: '/linux', ...fusePlace },
  settings,
  source: { kind: 'commits', range: 'a..b' },
  unsaved: {},
  trusted: true,
});
const edit: Note = { t: 'change', path: '/linux/fs/fuse/backing.c', version: 2, changes: [], length: 0 };

/** A queue whose tasks run as given; `arriving` is what reaches the worker while a task runs. */
function queueOf(body: (task: Task, stopIfUnwanted: () => void) => Promise<void> | void = () => undefined) {
  const log: string[] = [];
  const arriving: HostMessage[] = [];
  const queue = new TaskQueue({
    note: (note) => void log.push(`note ${note.t}`),
    async run(task, stopIfUnwanted) {
      log.push(`run ${task.request}`);
      await body(task, stopIfUnwanted);
      return { trees: [], without: [], subsystems: [] } satisfies Answers['find-trees'];
    },
    send: (message: WorkerMessage) => void log.push('request' in message ? `${message.t} ${message.request}` : message.t),
    poll: () => arriving.shift(),
  });
  return { queue, log, arriving };
}

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

describe('the worker', () => {
  test('tells how far a task is, at a pace at which it can be read', async () => {
    const sent: WorkerMessage[] = [];
    const queue = new TaskQueue({
      note: () => undefined,
      run(_task, _stop, onProgress) {
        for (let done = 0; done < 5000; done++) onProgress({ phase: 'parse', done, total: 9999, text: '' });
        return Promise.resolve({ trees: [], without: [], subsystems: [] });
      },
      send: (message) => void sent.push(message),
      poll: () => undefined,
    });
    queue.push(check(7));
    await settled();
    const told = sent.filter((message) => message.t === 'progress');
    expect(told[0]).toMatchObject({ request: 7, progress: { phase: 'parse', done: 0, total: 9999 } });
    expect(told.length).toBeLessThan(100);
    expect(sent.at(-1)).toMatchObject({ t: 'done', request: 7 });
  });

  test('takes an edit before the check that was asked for after it', async () => {
    const { queue, log } = queueOf();
    queue.push(edit);
    queue.push(check(1));
    await settled();
    expect(log).toEqual(['note change', 'run 1', 'done 1']);
  });

  test('runs only the newest of the checks of one tree', async () => {
    const { queue, log, arriving } = queueOf((task, stop) => {
      if (task.request !== 1) return;
      arriving.push(check(2), check(3));
      stop();
    });
    queue.push(check(1));
    await settled();
    expect(log).toEqual(['run 1', 'cancelled 2', 'cancelled 1', 'run 3', 'done 3']);
  });

  test('gives up a check whose text was edited meanwhile, and takes the edit after it stopped', async () => {
    const { queue, log, arriving } = queueOf((_, stop) => {
      arriving.push(edit);
      stop();
      log.push('went on');
    });
    queue.push(check(1));
    await settled();
    expect(log).toEqual(['run 1', 'cancelled 1', 'note change']);
  });

  test('lets a check go on while another tree is edited', async () => {
    const { queue, log, arriving } = queueOf((_, stop) => {
      arriving.push(edit);
      stop();
    });
    queue.push(check(1, '/elsewhere'));
    await settled();
    expect(log).toEqual(['run 1', 'done 1', 'note change']);
  });

  test('does checks before reviews', async () => {
    const { queue, log, arriving } = queueOf((task, stop) => {
      if (task.request !== 1) return;
      arriving.push(review(2), check(3));
      stop();
    });
    queue.push(check(1, '/elsewhere'));
    await settled();
    expect(log).toEqual(['run 1', 'done 1', 'run 3', 'done 3', 'run 2', 'done 2']);
  });

  test('stops what was cancelled', async () => {
    const { queue, log, arriving } = queueOf((_, stop) => {
      arriving.push({ t: 'cancel', lane: 'review 1' });
      stop();
    });
    queue.push(review(1));
    await settled();
    expect(log).toEqual(['run 1', 'cancelled 1']);
  });

  test('answers a failed task with one line, and goes on', async () => {
    const { queue, log } = queueOf((task) => {
      if (task.request === 1) throw new Error('the tree is gone');
    });
    queue.push(check(1));
    queue.push(check(2, '/elsewhere'));
    await settled();
    expect(log).toEqual(['run 1', 'failed 1', 'run 2', 'done 2']);
  });
});
