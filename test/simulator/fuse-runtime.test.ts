// The model of FUSE's surroundings: it can be read on every tree, and what it calls is there.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { intrinsicNamed } from '../../extension/kernel/intrinsics/index.js';
import type { SourceTree } from '../../extension/model/source.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import type { Program } from '../../extension/program/program.js';
import { createSimulator, type Bounds } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse, fuseRuntime } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { describeWithTree } from '../support/trees.js';

const runtime = fuseRuntime;

let parser: SyntaxParser;
let loader: ProgramLoader;
beforeAll(async () => {
  parser = await createParser();
  loader = kernelLoader(parser);
});
afterAll(() => {
  parser.dispose();
});

function load(tree: SourceTree, config: Readonly<Record<string, boolean>> = {}): Program {
  return loader.load(tree, {
    folder: 'fs/fuse',
    headers: fuse.headers,
    config: new Map(Object.entries(config)),
    prelude: runtime.prelude,
  });
}

describe('the words of FUSE', () => {
  test('are read without a complaint, with the bundled scenarios', () => {
    expect(runtime.problems).toEqual([]);
    expect(runtime.scenarios.length).toBeGreaterThanOrEqual(20);
    expect(runtime.scenarios.map((each) => each.name)).toContain('thread-five-steps');
  });

  test('are all used by a bundled scenario', () => {
    const used = new Set(
      runtime.scenarios.flatMap((scenario) =>
        scenario.steps.flatMap((step) =>
          step.kind === 'operation' ? [step.operation] : step.branches.flat().map((each) => each.operation),
        ),
      ),
    );
    expect(runtime.vocabulary.operations.map((each) => each.name).filter((name) => !used.has(name))).toEqual([]);
  });

  test('say of each scenario what it is about', () => {
    expect(runtime.scenarios.filter((each) => each.description === '' || each.title === each.name)).toEqual([]);
  });

  test('name each scenario as its file', () => {
    const files = runtime.scenarios.map((each) => each.source);
    expect(files).toEqual(runtime.scenarios.map((each) => `runtime/fuse/scenarios/${each.name}.yaml`));
  });
});

for (const label of ['linux-7.2', 'linux-6.12'])
  for (const passthrough of [true, false])
    describeWithTree(label, `the model with CONFIG_FUSE_PASSTHROUGH=${passthrough ? 'y' : 'n'}`, (tree) => {
      let program: Program;
      beforeAll(() => {
        program = load(tree, { FUSE_PASSTHROUGH: passthrough });
      });

      test('is read and lowered in whole', () => {
        const own = program.units.filter((unit) => unit.file.startsWith('runtime/fuse/'));
        expect(own.flatMap((unit) => unit.errors)).toEqual([]);
        expect(program.notAnalysed.filter((each) => each.file.startsWith('runtime/fuse/'))).toEqual([]);
      });

      test('has a driver for every word, which takes its parameters', () => {
        const { operations, setup, setupDriver, teardownDriver, boundary } = runtime.vocabulary;
        const takes = (driver: string): string => `${driver} of ${program.resolve(driver, '')?.parameterCount ?? 'nobody'}`;
        for (const { driver, parameters } of operations) expect(takes(driver)).toBe(`${driver} of ${parameters.length}`);
        expect(takes(setupDriver)).toBe(`${setupDriver} of ${setup.length}`);
        expect(takes(teardownDriver)).toBe(`${teardownDriver} of 0`);
        expect([...Object.keys(boundary), ...Object.values(boundary)].filter((name) => !program.resolve(name, ''))).toEqual([]);
      });

      test('calls nothing that neither the tree nor the model has', () => {
        const missing = program.functions
          .filter((graph) => graph.file.startsWith('runtime/fuse/'))
          .flatMap((graph) =>
            graph.blocks.flatMap((block) =>
              block.instructions.flatMap((each) =>
                each.kind === 'call' && each.callee.kind === 'direct' && !known(program, each.callee.name, graph.file)
                  ? [each.callee.name]
                  : [],
              ),
            ),
          );
        expect([...new Set(missing)]).toEqual([]);
      });
    });

const oneFault: Bounds = { faults: 1, preemptions: null, executions: 10_000, milliseconds: 60_000 };
/** What two threads do in all orders takes minutes: `fuse-review simulate` is for that. */
const twoThreads: Bounds = { faults: 0, preemptions: 0, executions: 10_000, milliseconds: 60_000 };
const parallel = new Set(runtime.scenarios.filter((each) => each.steps.some((step) => step.kind === 'parallel')).map((each) => each.name));

for (const label of ['linux-7.2', 'linux-6.12'])
  describeWithTree(label, 'a tree as it was released', (tree) => {
    // prepare_creds() is not checked in 6.12, so that a failure of it is an error of the tree.
    const bounds = label === 'linux-6.12' ? { ...oneFault, faults: 0 } : oneFault;
    test.each(runtime.scenarios.map((each) => [each.name, each] as const))(
      'does in %s what the scenario expects, and nothing wrong',
      (name, scenario) => {
        const simulator = createSimulator(load(tree, scenario.config), runtime.vocabulary, label);
        const result = simulator.run(scenario, { bounds: parallel.has(name) ? twoThreads : bounds });
        expect(result.counterexamples.map((each) => `${each.error.kind}: ${each.error.message}`)).toEqual([]);
        expect([result.verdict, result.reason, result.bounds.exhaustive]).toEqual(['no error', null, true]);
      },
      120_000,
    );
  });

function known(program: Program, name: string, file: string): boolean {
  return program.resolve(name, file) !== undefined || intrinsicNamed(name) !== undefined;
}
