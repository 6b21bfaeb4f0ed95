// What the steps of a scenario answer together, asked of a runner: the answers with schedules that show them.
import { describe, expect, test } from 'vitest';
import type { TreeSource } from '../../extension/model/source.js';
import { defaultBounds } from '../../extension/simulator/explore/bounds.js';
import { fusePlace, fuseRuntime } from '../support/fuse.js';
import { valueOf } from '../support/result.js';
import { testRunner } from '../support/runner.js';
import { skipWithoutTree, treeFolder } from '../support/trees.js';

describe.skipIf(skipWithoutTree('linux-7.2'))('the outcomes of a scenario on Linux 7.2', () => {
  const tree: TreeSource = { root: treeFolder('linux-7.2') ?? '', ...fusePlace, label: '7.2', files: {}, config: {} };
  const scenario = fuseRuntime.scenarios.find(({ name }) => name === 'parallel-close');
  if (!scenario) throw new Error('there is no such scenario');

  test('are those of both orders, and of each call that fails', { timeout: 60_000 }, async () => {
    const runner = await testRunner();
    const { outcomes = [] } = await runner.run(tree, scenario, { outcomes: true });
    expect(outcomes.filter(({ faults }) => faults.length === 0).map(({ answers }) => answers)).toEqual([
      [1, 0, -2],
      [1, -2, 0],
    ]);
    const places = outcomes.flatMap(({ faults }) => faults.map(({ operation, at }) => `${operation} ${at.function}`));
    expect(places).toContain('0 fuse_backing_open');
    for (const { answers, schedule } of outcomes) {
      const trace = valueOf(await runner.trace(tree, scenario, schedule));
      expect(trace.operations.length, schedule).toBe(answers.filter((each) => each !== null).length);
    }
    expect((await runner.run(tree, scenario, { bounds: defaultBounds })).outcomes).toBeUndefined();
  });
});
