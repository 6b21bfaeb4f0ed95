// Words that are nearly right: what may have been meant is data, and putting it in mends the mistake.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InputProblem } from '../../extension/model/problem.js';
import { parseScenarioLine } from '../../extension/scenario/line.js';
import { readScenario } from '../../extension/scenario/read.js';
import { fuseRuntime } from '../support/fuse.js';
import { toyVocabulary } from './toy-vocabulary.js';

const vocabulary = toyVocabulary();

/** The text with the word that a problem is about replaced. */
function mended(text: string, { line = 1, misspelling }: InputProblem, word: string): string {
  const lines = text.split('\n');
  const { column, word: wrong } = misspelling!;
  const before = lines[line - 1]!;
  expect(before.slice(column - 1, column - 1 + wrong.length)).toBe(wrong);
  lines[line - 1] = before.slice(0, column - 1) + word + before.slice(column - 1 + wrong.length);
  return lines.join('\n');
}

describe('a misspelt word', () => {
  test.each([
    ['a field', 'titel: x\nname: x\nsteps: []\n', 'titel', ['title']],
    ['the only field that is missing', 'name: x\nnam: y\ntitle: x\nsteps: []\n', 'nam', []],
    ['the subsystem', 'name: x\nsubsystem: ext4\nsteps: []\n', 'ext4', ['fuse-backing']],
    ['a truth value of an option', 'name: x\nconfig: { A: ture }\nsteps: []\n', 'ture', ['true']],
    ['an argument of the setup, the only one', 'name: x\nsetup: { depth: 1 }\nsteps: []\n', 'depth', ['max-stack-depth']],
    ['a capability', 'name: x\ncapabilities: [CAP_SYS_ADMN]\nsteps: []\n', 'CAP_SYS_ADMN', ['CAP_SYS_ADMIN']],
    ['an operation', 'name: x\nsteps:\n  - opne: { inode: 1 }\n', 'opne', ['open']],
    ['an operation in quotes', 'name: x\nsteps:\n  - "opne": { inode: 1 }\n', 'opne', ['open']],
    ['an operation alone', 'name: x\nsteps:\n  - graceperiod\n', 'graceperiod', ['grace-period']],
    ['parallel', 'name: x\nsteps:\n  - paralel:\n      - - grace-period\n', 'paralel', ['parallel']],
    ['parallel where it can not be', 'name: x\nsteps:\n  - paralel:\n    as: x\n', 'paralel', []],
    ['a field of a step', 'name: x\nsteps:\n  - grace-period:\n    expcet: ok\n', 'expcet', ['expect']],
    ['an argument', 'name: x\nsteps:\n  - open: { inod: 1 }\n', 'inod', ['inode']],
    ['a choice', 'name: x\nsteps:\n  - backing-open: { fd: reglar }\n', 'reglar', ['regular']],
    ['a flag in a list', 'name: x\nsteps:\n  - backing-open: { flags: [ONE, TWOO] }\n', 'TWOO', ['TWO']],
    ['a truth value', 'name: x\nsteps:\n  - backing-open: { retry: flase }\n', 'flase', ['false']],
    ['the only name', 'name: x\nsteps:\n  - backing-open: {}\n    as: first\n  - backing-close: { id: x }\n', 'x', ['first']],
    ['an error', 'name: x\nsteps:\n  - grace-period:\n    expect: EBUSSY\n', 'EBUSSY', ['EBUSY']],
    ['an error in small letters', 'name: x\nsteps:\n  - grace-period:\n    expect: [ok, ebusy]\n', 'ebusy', ['EBUSY']],
    ['a word of another language', 'name: x\nsteps:\n  - grace-period:\n    expect: zufrieden\n', 'zufrieden', []],
    ['an argument in the wrong place', 'name: x\nsteps:\n  - open: {}\n    inode: 1\n', 'inode', []],
  ])('such as %s', (_, text, word, meant) => {
    const { problems } = readScenario('s.yaml', text, vocabulary);
    const found = problems.filter(({ misspelling }) => misspelling?.word === word);
    expect(found.flatMap(({ misspelling }) => misspelling!.meant)).toEqual(meant);
    for (const problem of found) {
      for (const each of problem.misspelling!.meant) {
        const { problems: left } = readScenario('s.yaml', mended(text, problem, each), vocabulary);
        expect(left).not.toContainEqual(expect.objectContaining({ message: problem.message }));
      }
    }
  });

  test('is found on one line too', () => {
    const line = 'with(config.A=ture): opne(inode=1)->a; backing-open(fd=reglar,flags=ONE+TWOO) = EBUSSY';
    const { problems } = parseScenarioLine(line, vocabulary);
    const found = problems.map(({ misspelling }) => [misspelling?.column, misspelling?.word, misspelling?.meant[0]]);
    expect(found).toEqual([
      [15, 'ture', 'true'],
      [22, 'opne', 'open'],
      [56, 'reglar', 'regular'],
      [73, 'TWOO', 'TWO'],
      [81, 'EBUSSY', 'EBUSY'],
    ]);
  });
});

describe('in any bundled scenario', () => {
  const root = join(import.meta.dirname, '../..');
  const runtime = fuseRuntime;
  const texts = runtime.scenarios.map(({ source }) => readFileSync(join(root, source), 'utf8'));

  const misspelt = fc.record({
    text: fc.constantFrom(...texts),
    which: fc.nat(),
    at: fc.nat(),
    how: fc.constantFrom('drop', 'double', 'swap'),
  });

  test('a word with a wrong letter is mended by each word that may have been meant', () => {
    let mends = 0;
    fc.assert(
      fc.property(misspelt, ({ text, which, at, how }) => {
        const words = [...text.matchAll(/[A-Za-z][\w-]*/g)].filter(({ index }) => index > text.indexOf('steps:'));
        const { 0: word, index } = words[which % words.length]!;
        const letter = at % word.length;
        const [a = '', b = ''] = word.slice(letter, letter + 2);
        const wrong = word.slice(0, letter) + { drop: '', double: a + a, swap: b + a }[how] + word.slice(letter + (how === 'swap' ? 2 : 1));
        const changed = text.slice(0, index) + wrong + text.slice(index + word.length);
        for (const problem of readScenario('s.yaml', changed, runtime.vocabulary).problems) {
          for (const each of problem.misspelling?.meant ?? []) {
            mends++;
            const { problems: left } = readScenario('s.yaml', mended(changed, problem, each), runtime.vocabulary);
            expect(left).not.toContainEqual(expect.objectContaining({ line: problem.line, message: problem.message }));
          }
        }
      }),
      { numRuns: 1000 },
    );
    expect(mends).toBeGreaterThan(300);
  });
});
