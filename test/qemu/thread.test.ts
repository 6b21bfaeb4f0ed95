// The patches of the thread in real kernels: what was worked out by hand and simulated is what the kernel does.
import { expect, test } from 'vitest';
import type { ExecutionResult } from '../../extension/model/execution.js';
import { describeThread, edits } from '../support/thread.js';
import { complaintsAbout, execute, scenario, sourceOfThread, whyNot } from './kernels.js';

const why = whyNot('linux-7.2');
describeThread(
  'the patches of the thread in the kernel of linux-7.2',
  (thread) => {
    test.skipIf(why !== '')(`1: the five steps use an object that was freed, and an id in use is closed with -ENOENT${why}`, async () => {
      const tree = await sourceOfThread(thread, 'shared');
      const results = await execute(tree, [scenario('thread-five-steps'), scenario('close-twice-while-open')]);
      const [five, twice] = results as [ExecutionResult, ExecutionResult];
      expect(five.verdict).toBe('errors');
      const [report] = five.reports;
      expect(report).toMatchObject({ kind: 'kasan' });
      expect(five.operations[report?.operation ?? -1]?.line).toBe(five.operations.at(-1)?.line);
      expect(report?.title).toMatch(/^KASAN: slab-use-after-free in fuse_backing_get\b/);
      const frame = report?.frames.find(({ inlined, sure, at }) => sure && !inlined && at?.file.startsWith('fs/') === true);
      expect(frame).toMatchObject({ function: 'fuse_backing_get', at: { file: 'fs/fuse/backing.c' } });
      const closes = twice.operations.filter(({ text }) => text.startsWith('backing-close'));
      expect(closes.map(({ answerText }) => answerText)).toContain('-ENOENT');
    });

    test.skipIf(why !== '')(`3: the control is clean, and agrees with the simulator${why}`, async () => {
      const tree = await sourceOfThread(thread, 'control');
      const names = ['thread-five-steps', 'close-twice-while-open', 'parallel-close-while-open', 'read-after-close-and-grace-period'];
      names.push('open-two-inodes-one-id', 'unmount-with-ids-left', 'no-capability-open', 'memory-pressure');
      expect(complaintsAbout(await execute(tree, names.map(scenario)))).toEqual([]);
    });
  },
  [edits],
);
