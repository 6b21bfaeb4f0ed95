// A few thousand inputs that are almost right; `npm run bench:fuzz` tries as many as one likes.
import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { readCorpus } from './corpus.js';
import { kindsOf, type Kind } from './kinds.js';

const root = join(import.meta.dirname, '../..');
const inputs: Readonly<Record<string, number>> = { C: 1000, patch: 600, mail: 300, scenario: 400, log: 300, document: 400 };
/** Of each kind; what they find is found with the seed that is printed. */
const seconds = 4;

let parser: SyntaxParser;
let kinds: readonly Kind[];
beforeAll(async () => {
  parser = await createParser();
  kinds = kindsOf(readCorpus(root), parser);
});
afterAll(() => parser.dispose());

test.each(Object.keys(inputs))('inputs of the kind %s are read or refused in words', async (name) => {
  const kind = kinds.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`there is no kind ${name}`);
  await fc.assert(
    fc.asyncProperty(kind.inputs, async (input) => {
      expect(await kind.check(input)).toEqual([]);
    }),
    { numRuns: inputs[name] ?? 0, interruptAfterTimeLimit: seconds * 1000, endOnFailure: true },
  );
});
