// How fast the simulator is: scenarios of FUSE, the way to the errors of the thread's patch, and small models beside SPIN.
// Usage: npm run bench:simulate [-- --tree=.cache/trees/linux-7.2] [--patch=../shared/seed/1-shared-backing.patch] [--parallel=3]
//   [--runs=3] [--cold: nothing but the commands]
// SPIN is taken from .cache/spin (apt-get download spin && dpkg -x spin_*.deb .cache/spin) or from where it is installed.
import { createTwoFilesPatch } from 'diff';
import { kernelLoader } from '../../extension/kernel/loader.js';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Scenario } from '../../extension/model/scenario.js';
import type { Counterexample, SimulationResult } from '../../extension/model/simulation.js';
import type { SourceTree } from '../../extension/model/source.js';
import { applyPatches } from '../../extension/patch/apply.js';
import { diskTree } from '../../extension/patch/disk-tree.js';
import { readSeries } from '../../extension/patch/series.js';
import { generateScenarios } from '../../extension/scenario/generate.js';
import { createSimulator, defaultBounds, type Simulator } from '../../extension/simulator/simulator.js';
import { operationsOf } from '../simulator/fuse.js';
import { call, loaderOf, scenario, simulatorOf } from '../simulator/small.js';
import { fuse, fuseRuntime } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { valueOf } from '../support/result.js';
import { coldly } from './cold-commands.js';
import { smallModels, type SmallModel } from './simulate-models.js';

const argument = (name: string, otherwise: string): string =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const patch = argument('patch', '../shared/seed/1-shared-backing.patch');
const parallel = Number(argument('parallel', '3'));
const runs = Number(argument('runs', '3'));
const patience = { ...defaultBounds, executions: 1e9, milliseconds: 600_000 };

function treeAt(folder: string): SourceTree {
  return valueOf(diskTree(folder));
}

const parser = await createParser();
const loader = kernelLoader(parser);
const runtime = fuseRuntime;
const tree = treeAt(argument('tree', '.cache/trees/linux-7.2'));

function simulator(of: SourceTree, config: Readonly<Record<string, boolean>> = {}): Simulator {
  const program = loader.load(of, {
    folder: 'fs/fuse',
    headers: fuse.headers,
    config: new Map(Object.entries(config)),
    prelude: runtime.prelude,
  });
  return createSimulator(program, runtime.vocabulary, of.label);
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const ms = (value: number): string => `${whole(value)} ms`;

/** What several runs did, in one line. */
function summary(results: readonly SimulationResult[]): string {
  const sum = (of: (result: SimulationResult) => number): number => results.reduce((all, result) => all + of(result), 0);
  const seconds = sum(({ stats }) => stats.milliseconds) / 1000;
  const executions = sum(({ stats }) => stats.executions);
  const pruned = sum(({ stats }) => stats.pruned);
  const rate = (count: number, what: string): string => `${whole(count / seconds)} ${what}/s`;
  const stopped = results.filter(({ bounds }) => bounds.stopped !== null).length;
  return [
    `${ms(seconds * 1000)} in all`,
    rate(executions, 'executions'),
    rate(
      sum(({ stats }) => stats.states),
      'states',
    ),
    rate(
      sum(({ stats }) => stats.transitions),
      'steps',
    ),
    `${whole((100 * pruned) / Math.max(1, executions + pruned))} % of paths pruned`,
    stopped === 0 ? 'all exhaustive' : `${stopped} not exhaustive`,
  ].join(', ');
}

// ---- commands, cold ------------------------------------------------------------------------------------------------

const treeFolder = argument('tree', '.cache/trees/linux-7.2');
const simulate = ['simulate', '--tree', treeFolder];
const review = ['patch', patch, '--tree', treeFolder];
/** A patch of one function, on the way of reads alone. */
const small = join(mkdtempSync(join(tmpdir(), 'fuse-review-bench-')), 'small.diff');
const reading = readFileSync(join(treeFolder, 'fs/fuse/passthrough.c'), 'utf8');
const edited = reading.replace('if (!count)', 'if (count == 0)');
writeFileSync(small, createTwoFilesPatch('a/fs/fuse/passthrough.c', 'b/fs/fuse/passthrough.c', reading, edited));
/** What is told, the command, and what ran before with the same cache. */
const commands: readonly (readonly [string, readonly string[], (readonly string[])?])[] = [
  ['the bundled scenarios, one fault', simulate],
  ['parallel-open-of-one-inode', [...simulate, 'parallel-open-of-one-inode']],
  ['close-twice-while-open', [...simulate, 'close-twice-while-open']],
  ...(existsSync(patch)
    ? ([
        ['review of the patch', review],
        ['the same, where the tree before it is known from another one', review, ['patch', small, '--tree', treeFolder]],
        ['the same again', review, review],
        ['a patch on the way of reads, where the tree before it is known', ['patch', small, '--tree', treeFolder], review],
        ['the same without the simulator', [...review, '--no-simulate']],
      ] as const)
    : []),
  ['--generate 5, no faults', [...simulate, '--generate', '5', '--bound', 'faults=0']],
  ['check', ['check', '--tree', treeFolder]],
  ['check of a tree that was checked before', ['check', '--tree', treeFolder], ['check', '--tree', treeFolder]],
];
console.log(`from the terminal, cold, median of ${runs} and most memory:`);
for (const [what, given, before] of commands) console.log(`  ${what}: ${await coldly(given, runs, before)}`);
const long = [...simulate, '--generate', '4', '--threads', '2'];
console.log(`  --generate 4 --threads 2, one fault, once: ${await coldly(long, 1)}`);
if (process.argv.includes('--cold')) process.exit(0);

// ---- the bundled scenarios -----------------------------------------------------------------------------------------

const plain = simulator(tree);
const bundled = runtime.scenarios.map((each) => {
  const on = Object.keys(each.config).length === 0 ? plain : simulator(tree, each.config);
  return on.run(each, { bounds: patience });
});
const times = bundled.map(({ stats }) => stats.milliseconds).sort((a, b) => a - b);
const longest = bundled.reduce((most, each) => (each.stats.milliseconds > most.stats.milliseconds ? each : most));
console.log(`${bundled.length} bundled scenarios, one fault: ${summary(bundled)}`);
console.log(
  `  each: median ${ms(times[Math.floor(times.length / 2)] ?? NaN)}, longest ${ms(longest.stats.milliseconds)} (${longest.scenario.name})`,
);

const forks = [...generateScenarios(runtime.vocabulary, { operations: parallel, threads: 2 })];
console.log(
  `${forks.length} scenarios of two threads and ${parallel} operations, one fault: ${summary(forks.map((each) => plain.run(each, { bounds: patience })))}`,
);

// ---- the errors of the patch -----------------------------------------------------------------------------------------

/** Milliseconds until such an error is met, and how many scenarios were run by then. */
function untilFound(on: Simulator, scenarios: Iterable<Scenario>, wanted: (found: Counterexample) => boolean): string {
  const started = performance.now();
  let tried = 0;
  for (const each of scenarios) {
    tried++;
    const found = on.run(each, { bounds: { ...patience, faults: 0 } }).counterexamples.find(wanted);
    if (found) return `${ms(performance.now() - started)}, scenario ${tried}: ${operationsOf(found.scenario).join(', ')}`;
  }
  return `not found in ${tried} scenarios, ${ms(performance.now() - started)}`;
}

if (existsSync(patch)) {
  const series = await readSeries([{ name: patch, bytes: readFileSync(patch) }]);
  const patched = simulator(applyPatches(tree, series.patches).at(-1)?.tree ?? tree);
  const generated = (threads: 1 | 2): Iterable<Scenario> => generateScenarios(runtime.vocabulary, { operations: 5, threads });
  console.log(`first counterexamples of ${patch}, among generated scenarios:`);
  console.log(
    `  F1, freed while in the index: ${untilFound(patched, generated(1), ({ error, scenario }) => error.kind === 'dangling-reference' && operationsOf(scenario).includes('release'))}`,
  );
  console.log(
    `  F6, freed under an inode: ${untilFound(patched, generated(1), ({ error, scenario }) => error.kind === 'use-after-free' && operationsOf(scenario).filter((each) => each === 'backing-close').length === 2)}`,
  );
  console.log(
    `  F7, put twice by two threads: ${untilFound(patched, generated(2), ({ error, preemptions }) => preemptions > 0 && ['use-after-free', 'refcount'].includes(error.kind))}`,
  );
} else console.log(`${patch} is not here: times to its errors are left out`);

// ---- small models, beside SPIN -----------------------------------------------------------------------------------------

interface Measured {
  readonly states: number;
  readonly steps: number;
  readonly milliseconds: number;
}

function ours(model: SmallModel): Measured {
  const on = simulatorOf(loaderOf(parser), model.c, { work: 0 });
  const result = on.run(scenario(Array.from({ length: model.threads }, () => [call('work')])), { bounds: { ...patience, faults: 0 } });
  if (result.verdict !== 'no error') throw new Error(`${model.name}: ${result.counterexamples[0]?.error.message ?? result.reason ?? ''}`);
  const { states, transitions: steps, milliseconds } = result.stats;
  return { states, steps, milliseconds };
}

/** SPIN's own verifier of the model, compiled and run; its time is that of the run alone, with the start of its process. */
function spins(spin: string, model: SmallModel): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'spin-'));
  try {
    writeFileSync(join(folder, 'model.pml'), model.promela);
    execFileSync(spin, ['-a', 'model.pml'], { cwd: folder, stdio: 'pipe' });
    execFileSync('gcc', ['-O2', '-w', '-DSAFETY', '-o', 'pan', 'pan.c'], { cwd: folder, stdio: 'pipe' });
    const started = performance.now();
    const text = execFileSync('./pan', ['-m100000'], { cwd: folder, encoding: 'utf8' });
    const milliseconds = performance.now() - started;
    if (!/errors: 0\b/.test(text)) throw new Error(`${model.name}: SPIN finds an error\n${text}`);
    const count = (what: RegExp): number => Number(what.exec(text)?.[1] ?? NaN);
    return { states: count(/(\d+) states, stored/), steps: count(/(\d+) transitions/), milliseconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function findSpin(): string | null {
  for (const each of [resolve('.cache/spin/usr/bin/spin'), 'spin'])
    try {
      execFileSync(each, ['-V'], { stdio: 'ignore' });
      return each;
    } catch {
      // The next one.
    }
  return null;
}

const spin = findSpin();
console.log(spin === null ? 'small models (spin is not here: apt-get download spin):' : 'small models, beside SPIN:');
for (const model of smallModels) {
  const line = (each: Measured): string =>
    `${whole(each.states)} states, ${whole(each.steps)} steps, ${each.milliseconds.toFixed(1)} ms, ${whole((1000 * each.states) / each.milliseconds)} states/s, ${whole((1000 * each.steps) / each.milliseconds)} steps/s`;
  const here = ours(model);
  console.log(`  ${model.name}`);
  console.log(`    simulator ${line(here)}`);
  if (spin === null) continue;
  const there = spins(spin, model);
  const ratio = there.states / there.milliseconds / (here.states / here.milliseconds);
  console.log(`    SPIN      ${line(there)}`);
  console.log(
    `    SPIN stores ${(there.states / here.states).toFixed(2)} times the states and is ${ratio.toFixed(1)} times as fast for each`,
  );
}
parser.dispose();
