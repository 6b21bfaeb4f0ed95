// Small programs of threads with known verdicts, found by thinking: each error is found, by a path that replays, and each right
// program is silent over all orders.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProgramLoader } from '../../extension/program/load.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { loaderOf } from './small.js';
import { differences, runProgram, threadPrograms } from './thread-programs.js';

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

for (const kind of new Set(programs.map((each) => each.kind)))
  describe(kind, () => {
    for (const program of programs.filter((each) => each.kind === kind)) {
      test(`${program.name}: ${program.verdict.length === 0 ? 'no error' : program.verdict.join(', ')}`, () => {
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

test('the table of classes counts them', () => {
  const table = readFileSync(join(import.meta.dirname, 'threads/README.md'), 'utf8');
  const told = [...table.matchAll(/^\| (?:`([\w-]+)`|all) +\|[^\n]*\| +(\d+) \| +(\d+) \|$/gm)].map(
    ([, kind = 'all', right, broken]) => `${kind}: ${right ?? ''} right, ${broken ?? ''} broken`,
  );
  const counted = (kind: string): string => {
    const ofKind = programs.filter((each) => kind === 'all' || each.kind === kind);
    const right = ofKind.filter(({ verdict }) => verdict.length === 0).length;
    return `${kind}: ${right} right, ${ofKind.length - right} broken`;
  };
  expect([...told].sort()).toEqual(['all', ...new Set(programs.map(({ kind }) => kind))].map(counted).sort());
});
