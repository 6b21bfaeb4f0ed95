// The simulator on the patches of the thread: each flaw that was worked out by hand is found, and the clean control has none.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { overlayTree } from '../../extension/patch/overlay-tree.js';
import type { Counterexample } from '../../extension/model/simulation.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import type { Simulator } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { describeThread, patched } from '../support/thread.js';
import { folderTree, treeFolder } from '../support/trees.js';
import { bundled, complaints, complaintsOf, firstGenerated, generated, operationsOf, patience, run, simulator, told } from './fuse.js';

let parser: SyntaxParser;
let loader: ProgramLoader;
beforeAll(async () => {
  parser = await createParser();
  loader = kernelLoader(parser);
});
afterAll(() => {
  parser.dispose();
});

describeThread('the patches of the thread', (thread) => {
  const tree = folderTree(treeFolder('linux-7.2') ?? '');
  let first: Simulator;
  beforeAll(async () => {
    first = simulator(loader, await patched(tree, thread, 'shared'));
  });

  test(
    'F1: the object is freed while the index still holds it, in at most five operations that nobody wrote down',
    { timeout: patience },
    () => {
      const wanted = ({ error, scenario }: Counterexample): boolean =>
        error.kind === 'dangling-reference' && operationsOf(scenario).includes('release');
      const found = firstGenerated(first, 5, wanted);
      expect(found && operationsOf(found.scenario)).toEqual(['backing-open', 'open', 'backing-close', 'release']);
      const result = run(first, bundled('thread-five-steps'), 0);
      expect(told(result).some((each) => each.includes('use-after-free at fuse_backing_get'))).toBe(true);
    },
  );

  test('F2: an id in use is closed with ENOENT', () => {
    const result = run(first, bundled('close-twice-while-open'), 0);
    const answers = result.behaviours.map(({ operation, answer }) => `${operation} = ${answer}`);
    expect(answers.some((each) => /^backing-close.* = -ENOENT/.test(each))).toBe(true);
    expect(answers.some((each) => each.includes('EBUSY'))).toBe(false);
  });

  test('F4: a failing allocation of the id frees the object though a second reference was taken', () => {
    const result = run(first, bundled('open-two-inodes-one-id'), 1);
    const found = result.counterexamples.find(({ error }) => error.kind === 'refcount' && error.at?.function === 'fuse_backing_free');
    expect(found).toMatchObject({ faults: 1, preemptions: 0 });
    expect(found?.scenario.steps.length).toBe(1);
    expect(found?.trace.steps.some((step) => step.kind === 'fault' && step.text.startsWith('idr_alloc'))).toBe(true);
  });

  test('F6: closed twice the object is freed under the inode, in at most four operations', { timeout: patience }, () => {
    const found = firstGenerated(
      first,
      4,
      ({ error, scenario }) =>
        error.kind === 'use-after-free' && operationsOf(scenario).filter((each) => each === 'backing-close').length === 2,
    );
    expect(found && operationsOf(found.scenario)).toEqual(['backing-open', 'open', 'backing-close', 'backing-close']);
    const result = run(first, bundled('close-twice-while-open'), 0);
    expect(result.counterexamples.some(({ error, scenario }) => error.kind === 'use-after-free' && scenario.steps.length <= 4)).toBe(true);
  });

  test('F7: two closes at the same time drop one reference twice', { timeout: patience }, () => {
    const result = run(first, bundled('parallel-close'), 0);
    expect(told(result).some((each) => /^(refcount|use-after-free) at fuse_backing_/.test(each))).toBe(true);
    expect(result.counterexamples.every(({ preemptions }) => preemptions >= 1)).toBe(true);
  });

  test('S1: the sketch reads through NULL when it closes', async () => {
    const both = simulator(loader, await patched(tree, thread, 'shared', 'sketch'));
    const result = run(both, bundled('close-unknown-id'), 0);
    expect(told(result).some((each) => each.startsWith('null-dereference at fuse_backing_close'))).toBe(true);
  });

  test('S2: with that mended it closes an id and says EBUSY', async () => {
    const both = await patched(tree, thread, 'shared', 'sketch');
    const file = 'fs/fuse/backing.c';
    const text = both.read(file) ?? '';
    const read = /(err = -EBUSY;\n\tif \()(fb->)/;
    expect(text).toMatch(read);
    const mended = simulator(loader, overlayTree(both, new Map([[file, text.replace(read, '$1fb && $2')]]), 'mended'));
    const five = bundled('thread-five-steps');
    const [open, close] = five.steps.filter((step) => step.kind === 'operation' && step.operation.startsWith('backing-'));
    if (open?.kind !== 'operation' || close?.kind !== 'operation') throw new Error('the five steps open and close an id');
    const result = run(mended, { ...five, steps: [open, { ...close, expect: { kind: 'ok' } }] }, 0);
    expect(told(result)).toContainEqual(expect.stringMatching(/^wrong-result .*answers -EBUSY; ok is expected/));
  });

  test('the clean control has no error, with one fault', { timeout: patience }, async () => {
    const clean = await patched(tree, thread, 'control');
    expect(complaintsOf(loader, clean)).toEqual([]);
    const plain = simulator(loader, clean);
    expect(complaints(generated(3, 1), () => plain)).toEqual([]);
  });
});
