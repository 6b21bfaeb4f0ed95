// One scenario searched by several threads: they find what one finds.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scenario } from '../../extension/model/scenario.js';
import type { SimulationResult } from '../../extension/model/simulation.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import { SharedSearch, defaultBounds, sharedSearchMemory, type RunOptions, type Simulator } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { bundleOf } from '../support/bundle.js';
import { createParser } from '../support/parser.js';
import type { HelpWanted, HelpingData } from './helping-worker.js';
import { call, loaderOf, scenario, simulatorOf } from './small.js';
import { answersOf, metBy, threads, waitingActions } from './thread-actions.js';

let parser: SyntaxParser;
let loader: ProgramLoader;
let folder: string;
const workers: Worker[] = [];
const failures: string[] = [];
/** Subtrees that one gave away and another took. */
let taken = 0;
const drivers = { run: 4 };

beforeAll(async () => {
  parser = await createParser();
  loader = loaderOf(parser);
  folder = await bundleOf('test/simulator/helping-worker.ts', 'helping-worker');
  const workerData: HelpingData = { text: waitingActions, drivers };
  for (let count = 0; count < 3; count++) {
    const worker = new Worker(join(folder, 'helping-worker.mjs'), { workerData });
    await new Promise((resolve) => worker.once('message', resolve));
    worker.on('message', (failure) => failures.push(String(failure)));
    workers.push(worker);
  }
});
afterAll(async () => {
  parser.dispose();
  await Promise.all(workers.map((worker) => worker.terminate()));
  rmSync(folder, { recursive: true, force: true });
});

type Options = Pick<RunOptions, 'bounds' | 'outcomes'>;

/** With so many threads that help from the beginning, one of which is told to leave when the leader looks around for that time. */
function runHelped(
  simulator: Simulator,
  what: Scenario,
  options: Options,
  { helpers, dismissedAt, quiet }: { readonly helpers: number; readonly dismissedAt: number; readonly quiet: number },
): SimulationResult {
  const memory = sharedSearchMemory();
  const shared = new SharedSearch(memory);
  let begun = false;
  const help = (): SharedSearch => {
    if (!begun)
      for (const worker of workers.slice(0, helpers)) worker.postMessage({ scenario: what, options, memory } satisfies HelpWanted);
    begun = true;
    shared.waitForHelpers(helpers);
    return shared;
  };
  let looked = 0;
  const progress = (): void => {
    if (begun && looked++ === dismissedAt) shared.dismiss();
  };
  const result = simulator.run(what, { ...options, counterexamples: false, help, helpAfter: 0, progress, quiet });
  expect(begun).toBe(true);
  expect(shared.isBroken).toBe(false);
  taken += shared.taken;
  return result;
}

describe('threads that search together', () => {
  test('find the errors and answers that one finds, with as many faults and preemptions', () => {
    const simulator = simulatorOf(loader, waitingActions, drivers);
    const sum = { compared: 0, errors: 0, answers: 0 };
    fc.assert(
      fc.property(
        fc.oneof(threads(2, 4), threads(3, 2)),
        fc.integer({ min: 0, max: 2 }),
        fc.boolean(),
        fc.record({
          helpers: fc.integer({ min: 1, max: workers.length }),
          dismissedAt: fc.integer({ min: 0, max: 30 }),
          quiet: fc.constantFrom(3, 60, Infinity),
        }),
        (all, faults, outcomes, how) => {
          const what = scenario(all.map((each) => [call('run', each)]));
          const options = { bounds: { ...defaultBounds, faults }, outcomes };
          const alone = simulator.run(what, { ...options, counterexamples: false });
          expect(alone.bounds.stopped).toBe(null);
          const together = runHelped(simulator, what, options, how);
          expect(together.bounds.stopped).toBe(null);
          const least = ({ unexplained = [] }: SimulationResult): string[] =>
            unexplained.map((met) => `${met.error.id} ${met.faults} ${met.preemptions}`).sort();
          expect(least(together)).toEqual(least(alone));
          expect(together.combinations?.differing).toEqual(alone.combinations?.differing);
          expect(answersOf(together)).toEqual(answersOf(alone));
          expect(together.covered).toEqual(alone.covered);
          expect(together.dataRaces).toEqual(alone.dataRaces);
          sum.compared++;
          sum.errors += metBy(alone).length;
          sum.answers += answersOf(alone).length;
        },
      ),
      { numRuns: Number(process.env.FC_RUNS ?? 150), seed: Number(process.env.FC_SEED ?? 1) },
    );
    expect(failures).toEqual([]);
    expect(taken).toBeGreaterThan(100);
    expect(sum.errors).toBeGreaterThan(10);
    expect(sum.answers).toBeGreaterThan(60);
  });
});
