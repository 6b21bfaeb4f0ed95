// What scenarios of FUSE answer on Linux 7.2 where threads race, and where a server goes on with what it was not given.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatProblem } from '../../extension/model/problem.js';
import type { Scenario } from '../../extension/model/scenario.js';
import { readScenario } from '../../extension/scenario/read.js';
import type { Simulator } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuseRuntime } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { valueOf } from '../support/result.js';
import { folderTree, skipWithoutTree, treeFolder } from '../support/trees.js';
import { patience, run, simulator, told } from './fuse.js';

const { vocabulary } = fuseRuntime;

function read(text: string): Scenario {
  const { scenario, problems } = readScenario('s.yaml', text, vocabulary);
  expect(problems).toEqual([]);
  return scenario ?? expect.fail('no scenario');
}

describe.skipIf(skipWithoutTree('linux-7.2'))('Linux 7.2', () => {
  let parser: SyntaxParser;
  let on: Simulator;
  beforeAll(async () => {
    parser = await createParser();
    on = simulator(kernelLoader(parser), folderTree(treeFolder('linux-7.2') ?? ''));
  });
  afterAll(() => {
    parser.dispose();
  });

  test('lets one of two processes open a file through a backing file of its own, never both', { timeout: patience }, () => {
    const scenario = read(`name: two-processes
title: Two processes open one file and the server registers for each
steps:
  - parallel:
      - - backing-open: {}
          as: one
        - open: { inode: 1, backing: one }
          as: a
        - read: { file: a }
      - - backing-open: {}
          as: two
        - open: { inode: 1, backing: two }
          as: b
`);
    const { verdict, combinations, missing } = run(on, scenario, 0);
    expect(verdict).toBe('no error');
    expect(combinations?.exhaustive).toBe(true);
    // Who is given which id is no news.
    expect(combinations?.differing.map((at) => combinations.operations[at]?.text)).toEqual([
      'open(inode=1,backing=one)',
      'open(inode=1,backing=two)',
    ]);
    const answers = combinations?.each.map((each) => each.answers.filter((_, at) => ![0, 3].includes(at)));
    expect(answers?.map((each) => each.join(', ')).sort()).toEqual(['-EIO, left out, ok', 'ok, 4096, -EIO']);
    for (const { schedule } of combinations?.each ?? []) {
      const trace = valueOf(on.trace(scenario, schedule));
      const opens = trace.operations.filter(({ text }) => text.startsWith('open'));
      expect(opens.filter(({ answer }) => answer === '-EIO')).toHaveLength(1);
    }
    expect(missing).toMatchObject([{ operation: 'read(file=a)', refersTo: 'open(inode=1,backing=one)', instead: null, always: false }]);
  });

  test('answers a race in one of the ways that are expected of it', { timeout: patience }, () => {
    const scenario = read(`name: new-id-after-restart
title: A server that was started again registers a file anew while a client still has it open
steps:
  - backing-open: {}
    as: before
    expect: 1
  - open: { inode: 1, backing: before }
    as: a
  - backing-open: {}
    as: after
    expect: 2
  - open: { inode: 1, backing: after }
    expect: EIO
  - parallel:
      - - release: { file: a }
      - - open: { inode: 1, backing: after }
          as: b
          expect: [ok, EIO]
  - open: { inode: 1, backing: after }
    as: c
    expect: ok
  - read: { file: c }
    expect: 4096
`);
    const result = run(on, scenario, 1);
    expect(told(result)).toEqual([]);
    expect(result.combinations?.each.map(({ answers }) => answers[5]).sort()).toEqual(['-EIO', 'ok']);
    expect(result.missing).toBeUndefined();
  });

  test('answers EIO where a server names an id that nobody was given', { timeout: patience }, () => {
    const scenario = read(`name: closed-before-register
title: The cache closed the descriptor before it was registered, and the server answers passthrough all the same
steps:
  - backing-open: { fd: bad }
    as: id
    expect: EBADF
  - open: { inode: 1, backing: id }
    expect: EIO
  - open: { inode: 1, mode: cached }
    as: a
  - read: { file: a }
`);
    const result = run(on, scenario, 1);
    expect(told(result)).toEqual([]);
    const plain = result.behaviours.filter(({ faults }) => faults.length === 0);
    expect(plain.map(({ operation, answer }) => [operation, answer]).slice(0, 2)).toEqual([
      ['backing-open(fd=bad)', '-EBADF'],
      ['open(inode=1,backing=id)', '-EIO'],
    ]);
    expect(plain).toHaveLength(4);
    expect(result.missing).toEqual([
      {
        operation: 'open(inode=1,backing=id)',
        line: 7,
        refersTo: 'backing-open(fd=bad)',
        answered: '-EBADF',
        instead: 0x7fffffff,
        always: true,
      },
    ]);
  });

  test('has nothing to close or to read where nothing was given', { timeout: patience }, () => {
    const scenario = read(`name: nothing-given
steps:
  - backing-open: { fd: bad }
    as: id
  - open: { inode: 1, backing: id }
    as: a
  - read: { file: a }
    expect: ok
  - backing-close: { id: id }
`);
    const result = run(on, scenario, 0);
    expect(told(result)).toEqual([
      'wrong-result at the end of a step: read(file=a) is left out, as open(inode=1,backing=id) answers -EIO; ok is expected',
    ]);
    expect(result.missing?.filter(({ instead }) => instead === null).map(({ operation }) => operation)).toEqual([
      'read(file=a)',
      'backing-close(id=id)',
    ]);
  });
});

describe('a number that the kernel would take for another one', () => {
  test.each([
    ['open: { inode: 1, backing: 4294967297 }', '3:32', 'backing of open: ', 'a number from -2147483648 to 2147483647, found'],
    ['backing-close: { id: 4294967297 }', '3:26', 'id of backing-close: ', 'a number from -2147483648 to 4294967295, found'],
    ['release: { file: -2147483649 }', '3:22', 'file of release: ', 'a number from -2147483648 to 2147483647, found'],
  ])('is refused with its place: %s', (step, place, what, expected) => {
    const { scenario, problems } = readScenario('s.yaml', `name: x\nsteps:\n  - ${step}\n`, vocabulary);
    expect(scenario).toBeNull();
    const [problem, ...others] = problems.map(formatProblem);
    expect(others).toEqual([]);
    expect(problem).toContain(`s.yaml:${place}: ${what}`);
    expect(problem).toContain(expected);
  });

  test('is taken where it has the 32 bits that the ioctl takes', () => {
    const { problems } = readScenario('s.yaml', 'name: x\nsteps:\n  - backing-close: { id: 4294967295 }\n', vocabulary);
    expect(problems).toEqual([]);
  });
});
