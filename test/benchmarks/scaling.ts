// One scenario on more and more threads: what is won by searching it together. Each line is the median of runs on threads that have loaded
// the tree and run the scenario before, as they have in the editor.
// Usage: npm run bench:scaling [-- --tree=.cache/trees/linux-7.2] [--workers=4: the most] [--runs=3] [--faults=0] [--threads=3] [--operations=1]
import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import type { TreeSource } from '../../extension/model/source.js';
import type { SimulationResult } from '../../extension/model/simulation.js';
import { Runner, type RunSettings } from '../../extension/runner/runner.js';
import { defaultBounds } from '../../extension/simulator/explore/bounds.js';
import { fusePlace } from '../support/fuse.js';
import { grown } from '../support/grown.js';

const argument = (name: string, otherwise: string): string =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const number = (name: string, otherwise: number): number => Number(argument(name, String(otherwise)));
const root = join(import.meta.dirname, '../..');
const tree: TreeSource = { root: argument('tree', join(root, '.cache/trees/linux-7.2')), ...fusePlace, label: '', files: {}, config: {} };
const bounds = { ...defaultBounds, faults: number('faults', 0), executions: 1e9, milliseconds: 300_000 };
const settings: RunSettings = { bounds, counterexamples: false };
const scenario = grown(number('threads', 3), number('operations', 1));
const short = grown(2, 2);

console.log(`${scenario.name}, ${bounds.faults} faults, any number of preemptions, on ${availableParallelism()} processors:`);
console.log('| workers | time | of one worker | steps | states | paths |');
console.log('| --- | --- | --- | --- | --- | --- |');
let alone = 0;
for (let workers = 1; workers <= number('workers', 4); workers *= 2) {
  const runner = new Runner({
    workers,
    installation: {
      runtime: join(root, 'dist/web-tree-sitter.wasm'),
      grammar: join(root, 'dist/kernel-c.wasm'),
      model: join(root, 'dist/runtime'),
      worker: join(root, 'dist/simulation-worker.js'),
    },
  });
  const all = Array.from({ length: 4 * workers }, () => ({ scenario: short, settings }));
  await runner.runEach([{ tree, runs: all }]);
  const measured: { readonly seconds: number; readonly result: SimulationResult }[] = [];
  for (let run = 0; run <= number('runs', 3); run++) {
    const started = performance.now();
    const result = await runner.run(tree, scenario, settings);
    if (result.bounds.stopped !== null) throw new Error(result.bounds.stopped);
    // The first makes the threads' code fast.
    if (run > 0) measured.push({ seconds: (performance.now() - started) / 1000, result });
  }
  await runner.dispose();
  measured.sort((a, b) => a.seconds - b.seconds);
  const median = measured[measured.length >> 1];
  if (!median) throw new Error('nothing was run');
  const { seconds, result } = median;
  if (workers === 1) alone = seconds;
  const { stats } = result;
  const numbers = [stats.transitions, stats.states, stats.executions + stats.pruned].map((each) => each.toLocaleString('en'));
  console.log(`| ${workers} | ${seconds.toFixed(2)} s | ${(seconds / alone).toFixed(2)} | ${numbers.join(' | ')} |`);
}
