// A series simulated on the built worker: each new error is told once, the rest where somebody asks.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { errorsIn, type SimulationResult } from '../../extension/model/simulation.js';
import type { TreeSource } from '../../extension/model/source.js';
import { applyPatches } from '../../extension/patch/apply.js';
import { readSeries } from '../../extension/patch/series.js';
import type { Runner } from '../../extension/runner/runner.js';
import type { SeriesSimulation } from '../../extension/review/series-causes.js';
import { seriesRuns, simulateSeries } from '../../extension/runner/simulate-series.js';
import { sourceOf, withFiles } from '../../extension/runner/tree-source.js';
import { bundledScenarios } from '../review/reviewed.js';
import { fusePlace } from '../support/fuse.js';
import { testRunner } from '../support/runner.js';
import { folderTree } from '../support/trees.js';

const sample = join(import.meta.dirname, '../../sample');
const scenarios = bundledScenarios('thread-five-steps', 'close-twice-while-open', 'unmount-busy');

describe('the first patch of the sample', () => {
  let runner: Runner;
  let after: TreeSource;
  let simulation: SeriesSimulation;
  const results: SimulationResult[] = [];

  beforeAll(async () => {
    const tree = folderTree(join(sample, 'tree'));
    const { patches } = await readSeries([{ name: 'series.mbox', bytes: readFileSync(join(sample, 'series.mbox')) }]);
    const [first] = applyPatches(tree, patches);
    if (first === undefined) throw new Error('the sample has no patch');
    const base = sourceOf(tree, fusePlace, new Map());
    after = withFiles(base, first.tree, ['fs/fuse/backing.c']);
    runner = await testRunner(2);
    simulation = await simulateSeries(runner, scenarios, [base, after], { onResult: (result) => results.push(result) });
  }, 60_000);

  test('reports each run as it ends', () => {
    expect(results).toHaveLength(seriesRuns(scenarios));
  });

  test('tells each new error in one scenario, and counts the others that show it', () => {
    const { introduced, results: told } = simulation.behaviour;
    expect(introduced.length).toBeGreaterThan(0);
    expect(introduced.some(({ times }) => times > 1)).toBe(true);
    for (const { counterexample, times } of introduced) {
      const { id } = counterexample.error;
      const has = (errors: readonly { readonly error: { readonly id: string } }[]): boolean => errors.some(({ error }) => error.id === id);
      expect(told.filter(({ counterexamples }) => has(counterexamples))).toHaveLength(1);
      expect(told.filter((result) => has(errorsIn(result)))).toHaveLength(times);
      expect(counterexample.trace.steps.length).toBeGreaterThan(0);
    }
  });

  test('tells the others as a run that was asked to would have', async () => {
    const later = simulation.behaviour.results.find(({ unexplained = [] }) => unexplained.length > 0);
    if (later === undefined) throw new Error('nothing is left to be told');
    const told = await runner.withCounterexamples(after, later);
    const asked = await runner.run(after, later.scenario, { bounds: { ...later.bounds } });
    expect(told.counterexamples).toEqual(asked.counterexamples);
    expect(told.unexplained).toBeUndefined();
    expect(asked.unexplained).toBeUndefined();
  });

  test('says why where the error can not be had again', async () => {
    const [met] = simulation.behaviour.introduced;
    if (met === undefined) throw new Error('nothing is introduced');
    const elsewhere = { ...after, files: {} };
    const bounds = { ...met.counterexample, executions: 10, milliseconds: 1000 };
    const [[told] = []] = await runner.counterexamplesOf([{ tree: elsewhere, met: [{ met: met.counterexample, bounds }] }]);
    expect(told?.trace.steps).toEqual([]);
    expect(told?.error.message).toMatch(/ \(.+\)$/);
  });
});
