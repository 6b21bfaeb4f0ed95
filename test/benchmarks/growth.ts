// How the work grows with threads and with what each does: threads that open and release files of one inode on one id.
// Usage: npm run bench:growth [-- --tree=.cache/trees/linux-7.2] [--seconds=60: for each] [--faults=0]
import { kernelLoader } from '../../extension/kernel/loader.js';
import { diskTree } from '../../extension/patch/disk-tree.js';
import { createSimulator, defaultBounds } from '../../extension/simulator/simulator.js';
import { fuse, fuseRuntime } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { valueOf } from '../support/result.js';
import { grown } from '../support/grown.js';

const argument = (name: string, otherwise: string): string =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const tree = valueOf(diskTree(argument('tree', '.cache/trees/linux-7.2')));
const bounds = {
  ...defaultBounds,
  faults: Number(argument('faults', '0')),
  executions: 1e9,
  milliseconds: 1000 * Number(argument('seconds', '60')),
};

const number = (value: number): string => value.toLocaleString('en');
const loader = kernelLoader(await createParser());
const program = loader.load(tree, { folder: 'fs/fuse', headers: fuse.headers, config: new Map(), prelude: fuseRuntime.prelude });
const simulator = createSimulator(program, fuseRuntime.vocabulary, tree.label);
console.log(`${tree.label}, ${bounds.faults} faults, any number of preemptions:`);
console.log('| threads | operations each | steps | states | pruned | time |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const threads of [1, 2, 3, 4])
  for (const operations of [1, 2, 3, 4]) {
    const { stats, bounds: ran, reason } = simulator.run(grown(threads, operations), { bounds, counterexamples: false });
    const came = stats.pruned + stats.executions;
    const share = `${Math.round((100 * stats.pruned) / Math.max(1, came))} % of ${number(came)} paths`;
    const time = `${(stats.milliseconds / 1000).toFixed(2)} s${ran.exhaustive ? '' : `, ${reason ?? ran.stopped ?? ''}`}`;
    console.log(`| ${threads} | ${operations} | ${number(stats.transitions)} | ${number(stats.states)} | ${share} | ${time} |`);
    // What is larger is not come to the end of either.
    if (!ran.exhaustive) break;
  }
