// Threads with nothing to do help with a run that takes long, and leave it where another needs them.
import { setTimeout as later } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { TreeSource } from '../../extension/model/source.js';
import type { SimulationResult } from '../../extension/model/simulation.js';
import type { Runner } from '../../extension/runner/runner.js';
import { defaultBounds } from '../../extension/simulator/explore/bounds.js';
import { fusePlace } from '../support/fuse.js';
import { grown } from '../support/grown.js';
import { testRunner } from '../support/runner.js';
import { describeWithTree, treeFolder } from '../support/trees.js';

describeWithTree('linux-7.2', 'two threads', () => {
  const tree: TreeSource = { root: treeFolder('linux-7.2') ?? '', ...fusePlace, label: '7.2', files: {}, config: {} };
  const settings = { bounds: { ...defaultBounds, faults: 0 } };

  /** Both threads have loaded the tree. */
  async function warm(): Promise<Runner> {
    const runner = await testRunner(2);
    const runs = Array.from({ length: 6 }, () => ({ scenario: grown(2, 1), settings }));
    await runner.runEach([{ tree, runs }]);
    return runner;
  }

  /** What does not hang on which path was come to first. */
  function findings({ verdict, assumed, covered, combinations, bounds, dataRaces }: SimulationResult): unknown {
    const each = combinations?.each.map(({ answers, ended }) => JSON.stringify([answers, ended])).sort();
    const names = assumed.map(({ kind, name }) => `${kind} ${name}`).sort();
    return { verdict, names, covered, dataRaces, bounds, each, differing: combinations?.differing };
  }

  test('find in one scenario what one finds', async () => {
    const scenario = grown(2, 2);
    const runner = await warm();
    const together = await runner.run(tree, scenario, settings);
    const alone = await (await testRunner(1)).run(tree, scenario, settings);
    expect(alone.stats.workers).toBe(undefined);
    expect(together.stats.workers).toBe(2);
    expect(findings(together)).toEqual(findings(alone));
  });

  test('do other runs meanwhile', async () => {
    const runner = await warm();
    const ended: string[] = [];
    const run = async (scenario: ReturnType<typeof grown>): Promise<SimulationResult> => {
      const result = await runner.run(tree, scenario, settings);
      ended.push(scenario.name);
      return result;
    };
    const [long, short] = [grown(3, 1), grown(2, 1)];
    const first = run(long);
    // Until the other thread helps.
    await later(700);
    await run(short);
    const { bounds } = await first;
    expect(ended).toEqual([short.name, long.name]);
    expect(bounds.stopped).toBe(null);
  });
});
