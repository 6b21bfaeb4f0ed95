// Where a scenario's time goes: the code made of the tree's functions, and what it calls; and what a call costs from WebAssembly instead.
// Usage: npm run bench:generated [-- --tree=.cache/trees/linux-7.2] [--scenario=parallel-open-of-one-inode] [--runs=3]
import { Session, type Profiler } from 'node:inspector/promises';
import { kernelLoader } from '../../extension/kernel/loader.js';
import { diskTree } from '../../extension/patch/disk-tree.js';
import { createSimulator, defaultBounds } from '../../extension/simulator/simulator.js';
import { fuse, fuseRuntime } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { valueOf } from '../support/result.js';

const argument = (name: string, otherwise: string): string =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const runs = Number(argument('runs', '3'));

// ---- the profile ---------------------------------------------------------------------------------------------------

const parser = await createParser();
const tree = valueOf(diskTree(argument('tree', '.cache/trees/linux-7.2')));
const scenario = fuseRuntime.scenarios.find(({ name }) => name === argument('scenario', 'parallel-open-of-one-inode'));
if (!scenario) throw new Error('there is no such scenario');
const load = { folder: 'fs/fuse', headers: fuse.headers, config: new Map<string, boolean>(), prelude: fuseRuntime.prelude, asAsked: true };
const simulator = createSimulator(kernelLoader(parser).load(tree, load), fuseRuntime.vocabulary, tree.label);
const once = (): string => {
  const { stats } = simulator.run(scenario, { bounds: { ...defaultBounds, milliseconds: 600_000 } });
  const rate = (count: number): string => Math.round((1000 * count) / stats.milliseconds).toLocaleString('en');
  return `${stats.milliseconds.toLocaleString('en')} ms, ${rate(stats.transitions)} steps/s, ${rate(stats.states)} states/s`;
};
console.log(`${scenario.name}, exhaustive with one fault, in one thread:`);
console.log(`  first  ${once()}`);
for (let run = 1; run < runs; run++) console.log(`  again  ${once()}`);

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: 500 });
await session.post('Profiler.start');
once();
const { profile } = await session.post('Profiler.stop');
session.disconnect();

/** Microseconds by kind of function, without what it calls. */
function shares({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ReadonlyMap<string, number> {
  const kinds = new Map(
    nodes.map(({ id, callFrame }) => {
      const { url, functionName } = callFrame;
      const native = functionName.startsWith('(') ? functionName : 'what it calls';
      return [id, url.startsWith('c/') ? 'generated code' : native] as const;
    }),
  );
  const found = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    const kind = kinds.get(id) ?? '';
    found.set(kind, (found.get(kind) ?? 0) + (timeDeltas[at] ?? 0));
  }
  return found;
}

const found = shares(profile);
const all = [...found.values()].reduce((a, b) => a + b, 0);
for (const [kind, time] of [...found].sort((a, b) => b[1] - a[1]))
  if (time > all / 200) console.log(`  ${((100 * time) / all).toFixed(0).padStart(3)} %  ${kind}`);

// ---- calls ---------------------------------------------------------------------------------------------------------

// (func (export "run") (param $n i32) (result i32) (local $i i32) (local $acc i32)
//   (loop (local.set $acc (call $f (local.get $acc))) (br_if 0 (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (local.get $n))))
//   (local.get $acc))
const bytes = Uint8Array.from(
  (
    '00 61 73 6d 01 00 00 00 01 06 01 60 01 7f 01 7f 02 07 01 01 65 01 66 00 00 03 02 01 00 07 07 01 03 72 75 6e 00 01 ' +
    '0a 1d 01 1b 01 02 7f 03 40 20 02 10 00 21 02 20 01 41 01 6a 22 01 20 00 48 0d 00 0b 20 02 0b'
  )
    .split(' ')
    .map((each) => Number.parseInt(each, 16)),
);
const values = new Float64Array(1024).map((_, at) => at + 1);
/** What an access of memory does at the least: it looks something up that only JavaScript has. */
const access = (at: number): number => (values[at & 1023] ?? 0) | 0;
const calls = 20_000_000;

function fastest(run: () => void): string {
  let best = Infinity;
  for (let at = 0; at < 5; at++) {
    const began = performance.now();
    run();
    best = Math.min(best, performance.now() - began);
  }
  return `${((best * 1e6) / calls).toFixed(1)} ns`;
}

interface Wasm {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: { readonly run: (count: number) => number } } }>;
}
const { instance } = await (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly.instantiate(bytes, { e: { f: access } });
const fromWasm = instance.exports.run;
// Made by text, as the engine's code is.
// eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
const fromText = new Function('f', 'return (n) => { let acc = 0; for (let i = 0; i < n; i++) acc = f(acc); return acc; };')(
  access,
) as typeof fromWasm;
console.log('a call of a function of ours that looks something up:');
console.log(`  from generated JavaScript  ${fastest(() => fromText(calls))}`);
console.log(`  from WebAssembly           ${fastest(() => fromWasm(calls))}`);
