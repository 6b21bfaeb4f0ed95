// Times of the review itself: a cold check, a keystroke in the largest file, and the patches of a series.
// Usage: npm run bench:check [-- --tree=.cache/trees/linux-7.2] [--patch=FILE] [--rounds=40]
import { kernelLoader } from '../../extension/kernel/loader.js';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Checker } from '../../extension/checker/check.js';
import type { SourceTree } from '../../extension/model/source.js';
import { diskTree } from '../../extension/patch/disk-tree.js';
import { overlayTree } from '../../extension/patch/overlay-tree.js';
import { applyPatches } from '../../extension/patch/apply.js';
import { readSeries } from '../../extension/patch/series.js';
import { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse } from '../support/fuse.js';
import { valueOf } from '../support/result.js';

const argument = (name: string, otherwise: string): string =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const root = argument('tree', '.cache/trees/linux-7.2');
const rounds = Number(argument('rounds', '40'));
const patch = argument('patch', '');
const options = { folder: 'fs/fuse', headers: fuse.headers, config: new Map<string, boolean>() };

const tree = valueOf(diskTree(root));
const parser = await SyntaxParser.create({
  runtime: resolve('node_modules/web-tree-sitter/web-tree-sitter.wasm'),
  grammar: resolve('grammars/kernel-c/kernel-c.wasm'),
});
const loader = kernelLoader(parser);
const checker = new Checker();

/** Milliseconds of one load and check. */
function run(of: SourceTree): { readonly load: number; readonly check: number; readonly states: number } {
  const began = performance.now();
  const program = loader.load(of, options);
  const loaded = performance.now();
  const { stats } = checker.check(program);
  return { load: loaded - began, check: performance.now() - loaded, states: stats.states };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const ms = (value: number): string => `${value.toFixed(1)} ms`;

const cold = run(tree);
console.log(`cold: load ${ms(cold.load)}, check ${ms(cold.check)}, ${cold.states} states`);
const again = run(tree);
console.log(`unchanged: load ${ms(again.load)}, check ${ms(again.check)}`);

for (const file of ['fs/fuse/backing.c', 'fs/fuse/file.c']) {
  const text = tree.read(file);
  if (text === undefined) continue;
  const places = [...text.matchAll(/;\n\n\t/g)].map((match) => match.index + 1);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const at = places[Math.floor((round * 7919) % places.length)] ?? 0;
    const typed = `${text.slice(0, at)} /* x */${text.slice(at)}`;
    const { load, check } = run(overlayTree(tree, new Map([[file, typed]]), 'typed'));
    times.push(load + check);
  }
  times.sort((a, b) => a - b);
  const lines = text.split('\n').length;
  console.log(
    `an edit in ${file} (${lines} lines), ${rounds} rounds: median ${ms(quantile(times, 0.5))}, p95 ${ms(quantile(times, 0.95))}`,
  );
}

if (patch !== '') {
  const series = await readSeries([{ name: patch, bytes: readFileSync(patch) }]);
  for (const applied of applyPatches(tree, series.patches)) {
    const { load, check } = run(applied.tree);
    console.log(`${applied.patch.subject}: load ${ms(load)}, check ${ms(check)}`);
  }
}
parser.dispose();
