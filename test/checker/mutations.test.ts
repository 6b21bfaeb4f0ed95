// Bugs written into real kernels are found where they were written, and harmless edits bring nothing.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Checker } from '../../extension/checker/check.js';
import type { Finding } from '../../extension/model/finding.js';
import type { SourceTree } from '../../extension/model/source.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { describeWithTree } from '../support/trees.js';
import { mutatedTree, type Mutation } from './mutate.js';
import { backingBugs, harmlessEdits, missedBugs, olderBugs, olderMissedBugs, otherBugs } from './mutations.js';

let parser: SyntaxParser;
let loader: ProgramLoader;
let checker: Checker;
beforeAll(async () => {
  parser = await createParser();
  loader = kernelLoader(parser);
  checker = new Checker();
});
afterAll(() => parser.dispose());

function check(tree: SourceTree): readonly Finding[] {
  const program = loader.load(tree, { folder: 'fs/fuse', headers: fuse.headers, config: new Map() });
  const { findings, notAnalysed } = checker.check(program);
  expect(notAnalysed).toEqual([]);
  return findings;
}

function brought(tree: SourceTree, mutation: Mutation): string[] {
  const before = new Set(check(tree).map(({ id }) => id));
  const found = check(mutatedTree(tree, mutation)).filter(({ id }) => !before.has(id));
  return [
    ...new Set(found.map((finding) => (finding.function === mutation.function ? finding.rule : `${finding.rule}@${finding.function}`))),
  ];
}

function tests(tree: SourceTree, mutations: readonly Mutation[], run: typeof test | typeof test.fails = test): void {
  for (const mutation of mutations) {
    run(`${mutation.function}: ${mutation.title}`, () => {
      expect(brought(tree, mutation)).toEqual(mutation.findings);
    });
  }
}

describeWithTree('linux-7.2', 'bugs in the backing files', (tree) => tests(tree, backingBugs));
describeWithTree('linux-7.2', 'bugs elsewhere in fs/fuse', (tree) => tests(tree, otherBugs));
describeWithTree('linux-6.12', 'bugs in the older kernel', (tree) => tests(tree, olderBugs));
describeWithTree('linux-7.2', 'bugs that are not found', (tree) => tests(tree, missedBugs, test.fails));
describeWithTree('linux-6.12', 'bugs that are not found', (tree) => tests(tree, olderMissedBugs, test.fails));
describeWithTree('linux-7.2', 'harmless edits', (tree) => tests(tree, harmlessEdits));
describe('the collection', () => {
  test('has enough of each', () => {
    expect(backingBugs.length).toBeGreaterThanOrEqual(20);
    expect(otherBugs.length).toBeGreaterThanOrEqual(10);
    expect(harmlessEdits.length).toBeGreaterThanOrEqual(10);
  });
});
