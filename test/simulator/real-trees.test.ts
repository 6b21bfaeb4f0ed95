// The simulator on whole kernels: what is known to be wrong is found, and nothing else is said.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProgramLoader } from '../../extension/program/load.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { folderTree, skipWithoutTree, treeFolder } from '../support/trees.js';
import { bundled, complaints, complaintsOf, generated, patience, run, simulator, told } from './fuse.js';

let parser: SyntaxParser;
let loader: ProgramLoader;
beforeAll(async () => {
  parser = await createParser();
  loader = new ProgramLoader(parser);
});
afterAll(() => {
  parser.dispose();
});

describe.skipIf(skipWithoutTree('linux-7.2'))('Linux 7.2', () => {
  const tree = folderTree(treeFolder('linux-7.2') ?? '');

  it('has no error in the bundled scenarios, with one fault', { timeout: patience }, () => {
    expect(complaintsOf(loader, tree)).toEqual([]);
  });

  it('has no error in any sequence of three operations, with one fault', { timeout: patience }, () => {
    const plain = simulator(loader, tree);
    expect(complaints(generated(3, 1), () => plain)).toEqual([]);
  });

  it('has no error in any three operations of two threads, with one fault', { timeout: patience }, () => {
    const plain = simulator(loader, tree);
    expect(complaints(generated(3, 2), () => plain)).toEqual([]);
  });
});

describe.skipIf(skipWithoutTree('linux-6.12'))('Linux 6.12', () => {
  it('uses credentials that prepare_creds() could not make', () => {
    const result = run(simulator(loader, folderTree(treeFolder('linux-6.12') ?? '')), bundled('thread-five-steps'), 1);
    expect(told(result)).toHaveLength(1);
    expect(told(result)[0]).toMatch(/^null-dereference at fuse_passthrough_open: reads NULL/);
    const [found] = result.counterexamples;
    expect(found?.faults).toBe(1);
    expect(found?.trace.steps.some((step) => step.kind === 'fault' && step.text.startsWith('prepare_creds'))).toBe(true);
    expect(found?.trace.operations.map(({ text, answer }) => [text.replace(/\(.*/, ''), answer])).toEqual([
      ['backing-open', '1'],
      ['open', null],
    ]);
  });
});
