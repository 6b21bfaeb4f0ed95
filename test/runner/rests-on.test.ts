// What a run rests on: where it is the same on two trees, so is the result; and it is the same where a change is not reached.
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { kernelLoader } from '../../extension/kernel/loader.js';
import type { Scenario } from '../../extension/model/scenario.js';
import type { SimulationResult } from '../../extension/model/simulation.js';
import type { SourceTree } from '../../extension/model/source.js';
import { overlayTree } from '../../extension/patch/overlay-tree.js';
import { Fingerprints } from '../../extension/runner/fingerprints.js';
import { Footing, moved, type RestsOn } from '../../extension/runner/rests-on.js';
import { createSimulator, defaultBounds } from '../../extension/simulator/simulator.js';
import { fuse, fuseRuntime } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { describeWithTree } from '../support/trees.js';

interface Ran {
  readonly result: SimulationResult;
  readonly restsOn: RestsOn | undefined;
}

const loader = kernelLoader(await createParser());
const fingerprints = new Fingerprints();

/** Runs scenarios on a tree as a worker does, which has seen others before. */
function runner(tree: SourceTree): (scenario: Scenario) => Ran {
  const program = loader.load(tree, {
    folder: 'fs/fuse',
    headers: fuse.headers,
    config: new Map(),
    prelude: fuseRuntime.prelude,
    asAsked: true,
  });
  const simulator = createSimulator(program, fuseRuntime.vocabulary, 'a tree');
  const footing = new Footing(program, fingerprints);
  const afresh = new Footing(program, new Fingerprints());
  return (scenario) => {
    const parallel = scenario.steps.some(({ kind }) => kind === 'parallel');
    const bounds = parallel ? { ...defaultBounds, faults: 0, preemptions: 1 } : defaultBounds;
    const result = simulator.run(scenario, { bounds, counterexamples: false });
    const restsOn = footing.of(simulator.entered());
    expect(restsOn).toEqual(afresh.of(simulator.entered()));
    return { result, restsOn };
  };
}

/** All that a result says but how long it took, and how often a path came by what it assumed. */
function said({ stats: _, assumed, ...rest }: SimulationResult): unknown {
  return { ...rest, assumed: assumed.map(({ kind, name, assumed: what }) => `${kind} ${name} ${what}`).sort() };
}

const scenarios = fuseRuntime.scenarios.filter(({ config }) => Object.keys(config).length === 0);
const named = (name: string): Scenario => {
  const found = scenarios.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no scenario ${name}`);
  return found;
};

describeWithTree('linux-7.2', 'what a run rests on', (tree) => {
  const read = (path: string): string => tree.read(path) ?? '';
  const edited = (path: string, edit: (text: string) => string): SourceTree => {
    const text = edit(read(path));
    if (text === read(path)) throw new Error(`nothing of ${path} is edited`);
    return overlayTree(tree, new Map([[path, text]]), 'edited');
  };
  const backing = 'fs/fuse/backing.c';
  const header = 'fs/fuse/fuse_i.h';
  const base = runner(tree);
  const short = named('close-unknown-id');
  const digestOn = (on: SourceTree, scenario = short): string | undefined => runner(on)(scenario).restsOn?.digest;
  const own = base(short).restsOn?.digest;

  test('are all functions that are entered', () => {
    const { result, restsOn } = base(short);
    const names = restsOn?.functions.filter((each) => each.startsWith('fs/fuse/')).map((each) => each.split(' ')[1]);
    expect(new Set(names)).toEqual(new Set(result.covered));
  });

  describe('is the same with', () => {
    const same: readonly (readonly [string, string, (text: string) => string])[] = [
      ['a comment that moves everything', backing, (text) => `/* one\n * two */\n${text}`],
      ['another body of what is not entered', backing, (text) => text.replace(/(\nint fuse_backing_open\([^{]*\{\n)/, '$1\tWARN_ON(1);\n')],
      ['a new function', backing, (text) => `${text}\nint fuse_backing_more(int x)\n{\n\treturn x;\n}\n`],
      ['a new prototype', header, (text) => text.replace(/\nstruct fuse_backing \{/, '\nint fuse_backing_more(int x);$&')],
      [
        'another record that nobody names',
        header,
        (text) => text.replace(/\nstruct fuse_backing \{/, '\nstruct fuse_more {\n\tint more_of_it;\n};$&'),
      ],
    ];
    test.each(same)('%s', (_, path, edit) => expect(digestOn(edited(path, edit))).toBe(own));
  });

  describe('is another with', () => {
    const other: readonly (readonly [string, string, (text: string) => string])[] = [
      ['another body of what is entered', backing, (text) => text.replace(/(\nint fuse_backing_close\([^{]*\{\n)/, '$1\tWARN_ON(0);\n')],
      ['another field of a record that is used', header, (text) => text.replace(/\nstruct fuse_backing \{\n/, '$&\tint more;\n')],
      ['a function where there was one of the model', backing, (text) => `${text}\nvoid kfree(const void *p)\n{\n}\n`],
      ['another value of a constant', 'include/uapi/asm-generic/errno-base.h', (text) => text.replace(/(#define\s+ENOENT\s+)\d+/, '$13')],
      ['a macro that is called as a function is', backing, (text) => `#define capable(x) 0\n${text}`],
    ];
    test.each(other)('%s', (_, path, edit) => expect(digestOn(edited(path, edit))).not.toBe(own));
  });

  test('moves the places of a result with the functions', () => {
    const scenario = named('thread-five-steps');
    const leaking = (text: string): string => text.replace(/(\nint fuse_backing_close\([^]*?)\n\tfuse_backing_put\(\w+\);/, '$1');
    const before = runner(edited(backing, leaking))(scenario);
    const after = runner(edited(backing, (text) => `/* one\n * two */\n${leaking(text)}`))(scenario);
    expect(after.restsOn?.digest).toBe(before.restsOn?.digest);
    if (before.restsOn === undefined || after.restsOn === undefined) throw new Error('nothing is known of it');
    expect(JSON.stringify(after.result)).toContain(backing);
    expect(said(after.result)).not.toEqual(said(before.result));
    expect(said(after.result)).toEqual(said(moved(before.result, before.restsOn, after.restsOn.places)));
  });

  test('and the result: where one is the same, so is the other', { timeout: 1_200_000 }, () => {
    const some = process.env.FC_RUNS === undefined ? scenarios.slice(0, 12) : scenarios;
    const known = new Map(some.map((scenario) => [scenario, base(scenario)]));
    const paths = ['backing.c', 'passthrough.c', 'iomode.c', 'fuse_i.h', 'file.c', 'inode.c', 'dev.c', 'dir.c'].map(
      (name) => `fs/fuse/${name}`,
    );
    const counts = { same: 0, other: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.nat(), fc.nat(edits.length - 1), fc.boolean(), (path, line, kind, moves) => {
        const text = mutated(read(path), line, edits[kind] ?? ((each) => each));
        const on = runner(overlayTree(tree, new Map([[path, moves ? `\n\n${text}` : text]]), 'edited'));
        for (const scenario of some) {
          const [before, after] = [known.get(scenario), on(scenario)];
          if (!before?.restsOn || !after.restsOn || after.result.verdict === 'not run') continue;
          if (after.restsOn.digest !== before.restsOn.digest) {
            counts.other++;
            continue;
          }
          counts.same++;
          expect(said(after.result)).toEqual(said(moved(before.result, before.restsOn, after.restsOn.places)));
        }
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 6), seed: Number(process.env.FC_SEED ?? 1), endOnFailure: true },
    );
    if (process.env.FC_RUNS !== undefined) console.log(counts);
    expect(counts.same).toBeGreaterThan(0);
  });
});

/** What a line may become; the line itself where it has no place for it. */
const edits: readonly ((line: string) => string)[] = [
  (line) => line.replace('==', '!='),
  (line) => line.replace('&&', '||'),
  (line) => line.replace(/\bif \((?!!)/, 'if (!'),
  (line) => line.replace(/-E[A-Z]+/, '-EIO'),
  (line) => line.replace(/\b0\b/, '1'),
  (line) => (/^\t+[a-z_>.()&*-]+\(.*\);$/.test(line) ? '' : line),
  (line) => (/^\t+[a-z_>.()&*-]+\(.*\);$/.test(line) ? `${line}\n${line}` : line),
  (line) => (/^\t+(int|u64|bool|unsigned \w+) \w+;$/.test(line) ? `${line}\n\tint added_here;` : line),
  (line) => line.replace(/^(#define \w+\s+)\d+/, '$17'),
  (line) => (line.startsWith('\treturn ') ? '\treturn 0;' : line),
];

/** The text with the first line from so many on that an edit makes another of. */
function mutated(text: string, from: number, edit: (line: string) => string): string {
  const lines = text.split('\n');
  for (let step = 0; step < lines.length; step++) {
    const at = (from + step) % lines.length;
    const line = lines[at] ?? '';
    if (edit(line) === line || line.startsWith(' *')) continue;
    lines[at] = edit(line);
    break;
  }
  return lines.join('\n');
}
