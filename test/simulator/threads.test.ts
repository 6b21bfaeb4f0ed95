// Small programs of threads with known verdicts, found by thinking: each error is found, by a path that replays, and each right
// program is silent over all orders. What a program needs and the model lacks is named, with what it would take.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProgramLoader } from '../../extension/program/load.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { loaderOf } from './small.js';
import { differences, runProgram, threadPrograms } from './thread-programs.js';

/** Programs that can't have their verdict yet, by what the model lacks. */
const lacking: Readonly<Record<string, readonly string[]>> = {
  'work that runs while threads do': [
    'teardown-callbacks/cancelled-for-sure',
    'teardown-callbacks/cancelled-for-sure-broken',
    'teardown-callbacks/cancelled-without-its-lock',
    'teardown-callbacks/cancelled-without-its-lock-broken',
    'teardown-callbacks/delayed-work',
    'teardown-callbacks/delayed-work-broken',
    'teardown-callbacks/not-started-again',
    'teardown-callbacks/not-started-again-broken',
    'teardown-callbacks/reference-for-the-work-broken',
    'teardown-callbacks/timer',
    'teardown-callbacks/timer-broken',
  ],
  'who stands in a queue': [
    'waiting/nobody-waits',
    'waiting/nobody-waits-broken',
    'waiting/queued-before-the-look',
    'waiting/queued-before-the-look-broken',
  ],
};

let parser: SyntaxParser;
let loader: ProgramLoader;
beforeAll(async () => {
  parser = await createParser();
  loader = loaderOf(parser);
});
afterAll(() => {
  parser.dispose();
});

const programs = threadPrograms();
const named = new Set(Object.values(lacking).flat());

for (const kind of new Set(programs.map((each) => each.kind)))
  describe(kind, () => {
    for (const program of programs.filter((each) => each.kind === kind)) {
      const name = `${kind}/${program.name}`;
      const check = named.has(name) ? test.fails : test;
      check(`${program.name}: ${program.verdict.length === 0 ? 'no error' : program.verdict.join(', ')}`, () => {
        expect(differences(program, runProgram(loader, program))).toEqual([]);
      });
    }
  });

test('every broken program has one beside it that is right', () => {
  const right = programs.filter(({ verdict }) => verdict.length === 0).map(({ kind, name }) => `${kind}/${name}`);
  const broken = programs.filter(({ verdict }) => verdict.length > 0).map(({ kind, name }) => `${kind}/${name}`);
  expect(broken.filter((name) => !right.some((each) => name.startsWith(`${each}-broken`)))).toEqual([]);
  expect(right.filter((name) => !broken.some((each) => each.startsWith(`${name}-broken`)))).toEqual([]);
});
