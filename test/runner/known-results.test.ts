// Scenarios that need not be run: the same results as if they had been, on the same tree and on others.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SimulationResult } from '../../extension/model/simulation.js';
import type { TreeSource } from '../../extension/model/source.js';
import { compareBehaviour } from '../../extension/review/behaviour.js';
import { Runner } from '../../extension/runner/runner.js';
import { simulateSeries } from '../../extension/runner/simulate-series.js';
import { sourceOf } from '../../extension/runner/tree-source.js';
import { defaultBounds } from '../../extension/simulator/explore/bounds.js';
import { bundledScenarios } from '../review/reviewed.js';
import { fusePlace } from '../support/fuse.js';
import { testInstallation } from '../support/runner.js';
import { folderTree } from '../support/trees.js';

const tree = folderTree(join(import.meta.dirname, '../../sample/tree'));
const backing = 'fs/fuse/backing.c';
const text = tree.read(backing) ?? '';
const base = sourceOf(tree, fusePlace, new Map());
const leaking = text.replace(/(\nint fuse_backing_close\([^]*?)\n\tfuse_backing_put\(\w+\);/, '$1');
const on = (file: string): TreeSource => ({ ...base, files: { ...base.files, [backing]: file } });
const scenarios = bundledScenarios('thread-five-steps', 'close-unknown-id', 'open-bad-fd');
const settings = { bounds: defaultBounds, counterexamples: false };

let folder: string;
let runners: Runner[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuse-review-known-'));
  runners = [];
});
afterEach(async () => {
  await Promise.all(runners.map((runner) => runner.dispose()));
  rmSync(folder, { recursive: true, force: true });
});

/** With that cache; null for none. */
async function runner(cache: string | null = folder): Promise<Runner> {
  const made = new Runner({ installation: await testInstallation(), workers: 1, cache: cache ?? undefined });
  runners.push(made);
  return made;
}

async function run(source: TreeSource, by?: Runner): Promise<SimulationResult[]> {
  const runs = scenarios.map((scenario) => ({ scenario, settings }));
  const [results = []] = await (by ?? (await runner())).runEach([{ tree: source, runs }]);
  return results;
}

const known = (results: readonly SimulationResult[]): (string | undefined)[] => results.map((each) => each.known);
/** What a result says, but how it was come by. */
const said = (results: readonly SimulationResult[]): unknown => results.map(({ stats: _, known: __, restsOn: ___, ...rest }) => rest);

/** Files of the cache. */
function cached(): string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true });
  return all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

describe('what was run', { timeout: 60_000 }, () => {
  test('is known on the same tree, and by another name of it', async () => {
    const first = await run(on(leaking));
    expect(known(first)).toEqual([undefined, undefined, undefined]);
    const second = await run(on(leaking));
    expect(known(second)).toEqual(['same tree', 'same tree', 'same tree']);
    expect(said(second)).toEqual(said(first));
    expect(said(second)).toEqual(said(await run(on(leaking), await runner(null))));
    const renamed = await run({ ...on(leaking), label: 'another name' });
    expect(renamed.map((each) => [each.known, each.tree])).toEqual(scenarios.map(() => ['same tree', 'another name']));
  });

  test('is known on another tree where it reaches nothing that is another, with the places of that tree', async () => {
    await run(on(leaking));
    const other = on(`/* one\n * two */\n${leaking}`);
    const moved = await run(other);
    expect(known(moved)).toEqual(['same code', 'same code', 'same code']);
    const plain = await run(other, await runner(null));
    expect(said(moved)).toEqual(said(plain));
    expect(JSON.stringify(plain)).toContain(`"file":"${backing}"`);
    // From then on that tree is known too.
    expect(known(await run(other))).toEqual(['same tree', 'same tree', 'same tree']);
  });

  test('is run where something that it reaches is another', async () => {
    await run(base);
    const results = await run(on(leaking));
    expect(known(results)).toEqual([undefined, undefined, 'same code']);
    expect(said(results)).toEqual(said(await run(on(leaking), await runner(null))));
    const back = compareBehaviour(await run(base), await run(on(leaking)));
    expect(back.known).toEqual({
      base: { run: 0, known: 3, unreached: 0 },
      patched: { run: 0, known: 2, unreached: 1 },
    });
  });

  test('is run with other bounds and other options', async () => {
    await run(base);
    const bounds = { ...defaultBounds, faults: 0 };
    const runs = scenarios.map((scenario) => ({ scenario, settings: { ...settings, bounds } }));
    const [fewer = []] = await (await runner()).runEach([{ tree: base, runs }]);
    expect(known(fewer)).toEqual([undefined, undefined, undefined]);
    expect(known(await run({ ...base, config: { FUSE_DAX: true } }))).toEqual([undefined, undefined, undefined]);
  });

  test('is run again where what is on disk is damaged, and where nothing can be written', async () => {
    const first = await run(on(leaking));
    for (const path of cached()) writeFileSync(path, readFileSync(path, 'utf8').replace('no error', 'errors').replace(/.$/, '}'));
    for (const path of cached()) writeFileSync(path, readFileSync(path).subarray(0, -1));
    const again = await run(on(leaking));
    expect(known(again)).toEqual([undefined, undefined, undefined]);
    expect(said(again)).toEqual(said(first));
    const nowhere = await run(on(leaking), await runner('/proc/self'));
    expect(said(nowhere)).toEqual(said(first));
  });

  test('is not cached of a tree that is edited meanwhile', async () => {
    const root = join(folder, 'tree');
    cpSync(join(import.meta.dirname, '../../sample/tree'), root, { recursive: true });
    const disk = { ...base, root, files: {} };
    const by = await runner();
    const running = run(disk, by);
    // The thread has not read it by now.
    writeFileSync(join(root, backing), leaking);
    const edited = await running;
    expect(edited.map(({ verdict }) => verdict)).toContain('errors');
    writeFileSync(join(root, backing), text);
    const results = await run(disk);
    expect(known(results)).toEqual([undefined, undefined, undefined]);
    expect(said(results)).toEqual(said(await run(base, await runner(null))));
  });

  test('is not cached where it was ended before its end', async () => {
    const bounds = { ...defaultBounds, executions: 1 };
    const runs = scenarios.map((scenario) => ({ scenario, settings: { ...settings, bounds } }));
    for (let times = 0; times < 2; times++) {
      const [results = []] = await (await runner()).runEach([{ tree: base, runs }]);
      for (const { known: by, bounds: reached } of results) expect(reached.stopped === null || by === undefined).toBe(true);
      expect(results.some(({ bounds: reached }) => reached.stopped !== null)).toBe(true);
    }
  });
});

test('a series that was simulated is told the same without running anything', { timeout: 60_000 }, async () => {
  const plain = await simulateSeries(await runner(null), scenarios, [base, on(leaking)]);
  const first = await simulateSeries(await runner(), scenarios, [base, on(leaking)]);
  const second = await simulateSeries(await runner(), scenarios, [base, on(leaking)]);
  const told = ({ behaviour, paths, patches }: typeof plain): unknown => ({
    introduced: behaviour.introduced,
    changes: behaviour.changes,
    paths: [...paths],
    patches: [...patches],
  });
  expect(told(first)).toEqual(told(plain));
  expect(told(second)).toEqual(told(plain));
  expect(second.behaviour.known).toMatchObject({ base: { run: 0 }, patched: { run: 0 } });
});
