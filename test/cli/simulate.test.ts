// `fuse-review simulate`, and what `patch` says of behaviour: the built program on real trees.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { behaviourSchema } from '../../extension/review/report/json/behaviour-json.js';
import { simulationSchema } from '../../extension/review/report/json/simulation-json.js';
import type { ThreadPatch } from '../support/thread-edits.js';
import { describeThread, type Thread } from '../support/thread.js';
import { skipWithoutTree, treeFolder } from '../support/trees.js';

const root = join(import.meta.dirname, '../..');
const program = join(root, 'dist/cli.js');
const built = existsSync(program);
const skipped = skipWithoutTree('linux-7.2') || !built;
const tree = treeFolder('linux-7.2') ?? '';
/** Each reviews a whole series, in all scenarios. */
const patience = 120_000;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'fuse-review-simulate-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nothing is known from runs before the tests. */
const ownCache = (): NodeJS.ProcessEnv => ({ ...process.env, FUSE_REVIEW_CACHE: join(folder, 'cache') });

/** Starts the program in a folder that is none of ours. */
function started(...args: readonly string[]): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [program, ...args], { cwd: folder, env: ownCache(), maxBuffer: 1 << 28 }, (_error, out, err) =>
      done({ code: child.exitCode, out, err }),
    );
  });
}

describe.skipIf(skipped)(`simulate${skipped ? ' (npm run trees and npm run build)' : ''}`, () => {
  test('lists the bundled scenarios', async () => {
    const { code, out } = await started('simulate', '--list');
    expect(out).toMatch(/^thread-five-steps\b/m);
    expect(code).toBe(0);
  });

  test('runs a scenario of a file, and says how much was run', async () => {
    const file = join(folder, 'mine.yaml');
    writeFileSync(file, 'name: mine\ntitle: Mine\nsteps:\n  - backing-open: { fd: directory }\n    expect: [EISDIR, EBADF, EFAULT]\n');
    const { code, out, err } = await started('simulate', file, '--tree', tree);
    expect(out).toMatch(/^mine: no error/);
    expect(out).toContain('exhaustive within 1 fault');
    expect(err).toBe('');
    expect(code).toBe(0);
  });

  test('says where a scenario is wrong and what is expected', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, 'name: wrong\ntitle: Wrong\nsteps:\n  - backing-opne: { fd: directory }\n');
    const { code, out, err } = await started('simulate', file, '--tree', tree);
    expect(err).toMatch(/wrong\.yaml:4:5: .*backing-open/);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  test('ends at its bound, says so and answers for what it ran', async () => {
    const { out } = await started('simulate', 'thread-five-steps', '--tree', tree, '--bound', 'executions=1', '--format', 'json');
    const [result] = simulationSchema.parse(JSON.parse(out)).results;
    expect(result?.bounds).toMatchObject({ exhaustive: false });
    expect(result?.bounds.stopped).toContain('1 paths');
  });

  test('answers 2 for a schedule that is none', async () => {
    const { code, err } = await started('simulate', '--tree', tree, '--replay', 'backing-open @ fault x');
    expect(err).toContain("'x' after 'fault' is not understood");
    expect(code).toBe(2);
  });

  function fileOf(thread: Thread, patch: ThreadPatch): string {
    const { name, bytes } = thread.mail(patch);
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  }

  describeThread('the patches of the thread', (thread) => {
    test('shows the five steps, and the same again from the line that it prints', async () => {
      const given = ['simulate', '--tree', tree, '--patch', fileOf(thread, 'shared'), '--format', 'json'];
      const first = await started(...given, 'thread-five-steps');
      expect(first.code).toBe(1);
      const found = simulationSchema.parse(JSON.parse(first.out)).results[0]?.counterexamples ?? [];
      const five = found.find(({ error }) => error.kind === 'use-after-free' && error.at?.function === 'fuse_backing_get');
      expect(five?.operations.map(({ text }) => text.replace(/\(.*/, ''))).toEqual([
        'backing-open',
        'open',
        'backing-close',
        'release',
        'backing-close',
      ]);
      const again = await started(...given.slice(0, -2), '--replay', five?.replay ?? '');
      expect(again.out).toContain('reads fuse_backing 1, which is freed');
      expect(again.code).toBe(1);
    });

    test('shows the checks that a patch moved', { timeout: patience }, async () => {
      const moved = await started('patch', fileOf(thread, 'shared'), '--tree', tree, '--format', 'json');
      const { behaviours, simulation } = behaviourSchema.parse(JSON.parse(moved.out));
      const answers = behaviours
        .filter(({ under }) => under === '')
        .filter(({ follows }) => !follows)
        .map(({ operation, before, after }) => [operation, before?.answer, after?.answer]);
      // F2 and F5.
      expect(answers).toContainEqual(['backing-close(id=id)', '0', '-ENOENT']);
      expect(answers).toContainEqual(['backing-open(fd=bad)', '-EPERM', '-EBADF']);
      expect(answers).toContainEqual(['backing-close(id=7)', '-EPERM', '-ENOENT']);
      expect(simulation.introduced.length).toBeGreaterThan(0);
      expect(moved.code).toBe(1);
    });

    test('shows nothing for one that keeps the behaviour', { timeout: patience }, async () => {
      const kept = await started('patch', fileOf(thread, 'control'), '--tree', tree, '--format', 'json');
      const nothing = behaviourSchema.parse(JSON.parse(kept.out));
      expect(nothing.behaviours).toEqual([]);
      expect(nothing.simulation).toMatchObject({ reason: null, introduced: [], fixed: [], notRun: [], notExhaustive: [] });
      expect(kept.code).toBe(0);
    });
  });
});
