// The exploration is held to the truth: on threads made up at random it has all errors and all answers of a reference that leaves
// no order out, and no other.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProgramLoader } from '../../extension/program/load.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { threadsProgram } from './arbitrary-threads.js';
import { compareWithReference } from './compare-with-reference.js';
import { loaderOf } from './small.js';

let parser: SyntaxParser;
let loader: ProgramLoader;
beforeAll(async () => {
  parser = await createParser();
  loader = loaderOf(parser);
});
afterAll(() => {
  parser.dispose();
});

test('finds all that threads can do, and nothing else', { timeout: 300_000 }, () => {
  const sum = { compared: 0, errors: 0, answers: 0 };
  fc.assert(
    fc.property(threadsProgram, (program) => {
      const compared = compareWithReference(loader, program);
      if (compared === null) return;
      expect(compared.found).toEqual(compared.reference);
      sum.compared++;
      sum.errors += compared.reference.errors.length;
      sum.answers += compared.reference.answers.length;
    }),
    { numRuns: 150, seed: Number(process.env.FC_SEED ?? 1) },
  );
  expect(sum.compared).toBeGreaterThan(100);
  expect(sum.errors).toBeGreaterThan(10);
  expect(sum.answers).toBeGreaterThan(100);
});
