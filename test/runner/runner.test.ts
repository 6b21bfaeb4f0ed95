// Simulations in worker threads: the built worker, on a tree that lies on disk.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { failed } from '../../extension/model/result.js';
import { Runner } from '../../extension/runner/runner.js';
import type { TreeSource } from '../../extension/model/source.js';
import { defaultBounds } from '../../extension/simulator/explore/bounds.js';
import { fusePlace, fuseRuntime } from '../support/fuse.js';
import { valueOf } from '../support/result.js';
import { skipWithoutTree, treeFolder } from '../support/trees.js';

const root = join(import.meta.dirname, '../..');
const worker = join(root, 'dist/simulation-worker.js');
const skipped = skipWithoutTree('linux-7.2') || !existsSync(worker);

describe.skipIf(skipped)(`a runner${skipped ? ' (npm run trees and npm run build)' : ''}`, () => {
  const model = join(root, 'runtime');
  const runner = new Runner({
    workers: 2,
    installation: {
      runtime: join(root, 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
      grammar: join(root, 'grammars/kernel-c/kernel-c.wasm'),
      model,
      worker,
    },
  });
  afterAll(() => runner.dispose());

  const { scenarios } = fuseRuntime;
  const named = (name: string): (typeof scenarios)[number] => {
    const found = scenarios.find((each) => each.name === name);
    if (!found) throw new Error(`no scenario ${name}`);
    return found;
  };
  const tree: TreeSource = { root: treeFolder('linux-7.2') ?? '', ...fusePlace, label: '7.2', files: {}, config: {} };
  const bounds = { ...defaultBounds, faults: 0 };

  test('gives results in order, whichever ends first', async () => {
    const wanted = ['parallel-close', 'open-bad-fd', 'close-bad-id'];
    const got: string[] = [];
    for await (const { scenario, verdict } of runner.runAll(tree, wanted.map(named), { bounds })) got.push(`${scenario.name}: ${verdict}`);
    expect(got).toEqual(wanted.map((name) => `${name}: no error`));
  });

  test('reads a tree as it is with files that go before those on disk', async () => {
    const broken = { ...tree, files: { 'fs/fuse/backing.c': 'int nothing;\n' } };
    const result = await runner.run(broken, named('open-bad-fd'), { bounds });
    expect(result.verdict).not.toBe('no error');
    expect((await runner.run(tree, named('open-bad-fd'), { bounds })).verdict).toBe('no error');
  });

  test('runs a scenario with its own options', async () => {
    const result = await runner.run(tree, named('configured-out'), { bounds });
    expect(result).toMatchObject({ verdict: 'no error', counterexamples: [] });
  });

  test('says why nothing is run where there is no tree', async () => {
    const nowhere = { ...tree, root: join(root, 'no such tree') };
    const result = await runner.run(nowhere, named('open-bad-fd'), { bounds });
    expect(result.verdict).toBe('not run');
    expect(result.reason).not.toBe('');
  });

  test('keeps what a run found that was cancelled', async () => {
    const cancelling = new AbortController();
    const run = runner.run(
      tree,
      named('parallel-open-of-one-inode'),
      { bounds: defaultBounds },
      { signal: cancelling.signal, onProgress: () => cancelling.abort() },
    );
    const result = await run;
    expect(result.bounds).toMatchObject({ exhaustive: false });
    expect((await runner.run(tree, named('open-bad-fd'), { bounds }, { signal: cancelling.signal })).reason).toBe('cancelled');
  });

  test('shows a path again', async () => {
    const trace = valueOf(await runner.trace(tree, named('open-bad-fd'), 'straight'));
    expect(trace.operations.map(({ answer }) => answer)).toContain('-EBADF');
    expect(await runner.replay(tree, named('open-bad-fd'), 'straight')).toEqual(failed('no error on this path'));
  });
});
