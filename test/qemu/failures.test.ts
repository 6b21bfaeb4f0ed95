// Failures, those of the kernel's memory and our own: each has its word, and leaves nothing behind.
import { failureOf } from '../support/result.js';
import { describe, expect, test } from 'vitest';
import type { ExecutionPhase } from '../../extension/model/execution.js';
import { complaintsAbout, execute, executed, leavingNothing, scenario, source, textOf, whyNot } from './kernels.js';

const cheap = [scenario('close-bad-id')];

const why612 = whyNot('linux-6.12');
describe.skipIf(why612 !== '')(`fail-nth in the kernel of linux-6.12${why612}`, () => {
  test('prepare_creds() without memory ends in an oops where the credentials are used', async () => {
    const results = await execute(source('linux-6.12'), [scenario('read-after-close-and-grace-period')], { faults: 'all' });
    const failed = results.filter(({ fault }) => fault?.frames.some((frame) => frame.function === 'prepare_creds'));
    expect(failed.length).toBeGreaterThan(0);
    const frames = failed
      .flatMap(({ reports }) => reports.filter(({ kind }) => kind === 'oops' || kind === 'kasan'))
      .flatMap((each) => each.frames);
    expect(frames.some((frame) => /^(override_creds|fuse_passthrough_\w+)$/.test(frame.function))).toBe(true);
  });
});

const why72 = whyNot('linux-7.2');
describe.skipIf(why72 !== '')(`in the kernel of linux-7.2${why72}`, () => {
  test('a panic at boot is the reason', async () => {
    const plain = source('linux-7.2');
    const inode = textOf(plain, 'fs/fuse/inode.c').replace(/(__init fuse_init\(void\)\n\{\n\tint \w+;\n)/, '$1\tpanic("on purpose");\n');
    expect(inode).toContain('on purpose');
    await leavingNothing(async () => {
      const failure = failureOf(await executed({ ...plain, files: { 'fs/fuse/inode.c': inode } }, cheap));
      expect(failure.message).toMatch(/^the kernel did not boot: Kernel panic - not syncing: on purpose \(log: /);
    });
  });

  test('what does not compile is told at its line', async () => {
    const plain = source('linux-7.2');
    const backing = `${textOf(plain, 'fs/fuse/backing.c')}int x = nowhere;\n`;
    const { problems } = failureOf(await executed({ ...plain, files: { 'fs/fuse/backing.c': backing } }, cheap));
    const line = backing.split('\n').length - 1;
    expect(problems).toContainEqual(expect.objectContaining({ file: 'fs/fuse/backing.c', line, severity: 'error' }));
  });

  test('a run is cancelled in each phase, and two at once then build one after the other', async () => {
    const plain = source('linux-7.2');
    // A text that was never built.
    const files = { 'fs/fuse/backing.c': `${textOf(plain, 'fs/fuse/backing.c')}/* ${Date.now()} */\n` };
    const tree = { ...plain, files };
    const cancelled = (phase: ExecutionPhase, what = tree): Promise<void> =>
      leavingNothing(async () => {
        const ending = new AbortController();
        const onProgress = (progress: { readonly phase: ExecutionPhase }): void => {
          if (progress.phase === phase) setTimeout(() => ending.abort(new Error('enough')), phase === 'prepare' ? 1 : 100);
        };
        await expect(execute(what, cheap, {}, { signal: ending.signal, onProgress })).rejects.toThrow(/enough|aborted/);
      });
    for (const phase of ['prepare', 'configure', 'compile'] as const) await cancelled(phase);
    const told: string[] = [];
    const onProgress = ({ text }: { readonly text: string }): void => void told.push(text);
    await leavingNothing(async () => {
      const both = await Promise.all([1, 2].map(() => execute(tree, cheap, {}, { onProgress })));
      for (const results of both) expect(complaintsAbout(results)).toEqual([]);
    });
    expect(told).toContain('waiting for another build of this tree');
    await cancelled('run');
    const another = { 'fs/fuse/backing.c': `${files['fs/fuse/backing.c']}/* again */\n` };
    await cancelled('boot', { ...plain, files: another });
  });
});
