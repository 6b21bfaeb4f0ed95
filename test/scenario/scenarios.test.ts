// Scenarios from files: what they say, and what is said about every mistake in them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../extension/model/problem.js';
import type { Scenario } from '../../extension/model/scenario.js';
import { parseScenarioLine, scenarioLine } from '../../extension/scenario/line.js';
import { printScenario } from './print-scenario.js';
import { readScenario } from '../../extension/scenario/read.js';
import { readVocabulary } from '../../extension/scenario/vocabulary.js';
import { scenarioArbitrary, withoutLines } from './arbitrary-scenario.js';
import { toySubsystem, toyVocabulary } from './toy-vocabulary.js';

const vocabulary = toyVocabulary();

const text = `name: close-while-open
title: Close an id while a file is open on it
description: |
  Two lines
  of it.
subsystem: fuse-backing
config: { FUSE_PASSTHROUGH: true }
setup: { max-stack-depth: 2 }
capabilities: [CAP_SYS_ADMIN]
steps:
  - backing-open: { fd: regular, flags: ONE }
    as: id
    expect: ok
  - open: { inode: 1, backing: id }
  - grace-period
  - backing-close: { id: id }
    capabilities: []
    expect: [EBUSY, ENOENT]
  - parallel:
      - - backing-close: { id: id }
          expect: 0
      - - backing-open:
          as: other
        - backing-close: { id: other }
  - backing-close: { id: other }
    expect: EPERM
`;

/** The problems of a scenario with these steps, without the file's name; lines count from the first step. */
function mistakes(steps: string): string[] {
  const { scenario, problems } = readScenario('s.yaml', `name: x\nsteps:\n${steps}`, vocabulary);
  expect(scenario === null).toBe(problems.length > 0);
  return problems.map((problem) => formatProblem({ ...problem, line: (problem.line ?? 0) - 2 }).replace('s.yaml:', ''));
}

describe('a scenario file', () => {
  test('is read in full', () => {
    const { scenario, problems } = readScenario('s.yaml', text, vocabulary);
    const plain = { kind: 'operation', as: null, capabilities: null, expect: null } as const;
    expect(problems).toEqual([]);
    expect(scenario).toEqual({
      name: 'close-while-open',
      title: 'Close an id while a file is open on it',
      description: 'Two lines\nof it.\n',
      subsystem: 'fuse-backing',
      config: { FUSE_PASSTHROUGH: true },
      setup: { 'max-stack-depth': 2 },
      capabilities: ['CAP_SYS_ADMIN'],
      steps: [
        { ...plain, operation: 'backing-open', arguments: { fd: 'regular', flags: ['ONE'] }, as: 'id', expect: { kind: 'ok' }, line: 11 },
        { ...plain, operation: 'open', arguments: { inode: 1, backing: 'id' }, line: 14 },
        { ...plain, operation: 'grace-period', arguments: {}, line: 15 },
        {
          ...plain,
          operation: 'backing-close',
          arguments: { id: 'id' },
          capabilities: [],
          expect: { kind: 'errno', names: ['EBUSY', 'ENOENT'] },
          line: 16,
        },
        {
          kind: 'parallel',
          branches: [
            [{ ...plain, operation: 'backing-close', arguments: { id: 'id' }, expect: { kind: 'value', value: 0 }, line: 20 }],
            [
              { ...plain, operation: 'backing-open', arguments: {}, as: 'other', line: 22 },
              { ...plain, operation: 'backing-close', arguments: { id: 'other' }, line: 24 },
            ],
          ],
          line: 19,
        },
        { ...plain, operation: 'backing-close', arguments: { id: 'other' }, expect: { kind: 'errno', names: ['EPERM'] }, line: 25 },
      ],
      source: 's.yaml',
    } satisfies Scenario);
  });

  test('may expect one of several answers of all kinds', () => {
    const expected = (words: string): unknown => {
      const { scenario, problems } = readScenario('s.yaml', `name: x\nsteps:\n  - grace-period:\n    expect: ${words}\n`, vocabulary);
      expect(problems).toEqual([]);
      const [step] = scenario?.steps ?? [];
      return step?.kind === 'operation' ? step.expect : undefined;
    };
    expect(expected('[ok, EIO]')).toEqual({ kind: 'any', of: [{ kind: 'ok' }, { kind: 'errno', names: ['EIO'] }] });
    expect(expected('[EIO, 4096, EIO, 0]')).toEqual({
      kind: 'any',
      of: [
        { kind: 'errno', names: ['EIO'] },
        { kind: 'value', value: 4096 },
        { kind: 'value', value: 0 },
      ],
    });
    expect(expected('[ok]')).toEqual({ kind: 'ok' });
    expect(expected('[7]')).toEqual({ kind: 'value', value: 7 });
    expect(expected('[EIO, EBUSY, EIO]')).toEqual({ kind: 'errno', names: ['EIO', 'EBUSY'] });
  });

  test('needs no more than a name and steps', () => {
    const { scenario } = readScenario('s.yaml', 'name: nothing\nsteps: []\n', vocabulary);
    expect(scenario).toMatchObject({ title: 'nothing', description: '', subsystem: 'fuse-backing', capabilities: null, steps: [] });
  });

  test.each([
    ['', ['s.yaml:1:1: expected a scenario with name, title, description, subsystem, config, setup, capabilities, steps, found nothing']],
    [
      '- a\n',
      ['s.yaml:1:1: expected a scenario with name, title, description, subsystem, config, setup, capabilities, steps, found a list'],
    ],
    [
      'titel: x\n',
      [
        's.yaml:1:1: a scenario has no "titel"; did you mean title? expected one of name, title, description, subsystem, config, setup, capabilities, steps',
        's.yaml:1:1: the scenario has no name; expected name: lower-case letters, digits and "-"',
        's.yaml:1:1: the scenario has no steps; expected steps: a list of operations',
      ],
    ],
    [
      'name: Bad_name\ntitle: []\nsubsystem: ext4\nconfig: { A: 1 }\nsetup: { max-stack-depth: 3, constructor: 1 }\ncapabilities: [CAP_SYS_ADMN]\nsteps: 7\n',
      [
        's.yaml:1:7: "Bad_name" is no name of a scenario; expected lower-case letters and digits, with single "-" between',
        's.yaml:2:8: expected a text as title, found a list',
        's.yaml:3:12: there is no vocabulary of "ext4" here; expected fuse-backing',
        's.yaml:4:14: A: expected true or false, found the number 1',
        's.yaml:5:27: max-stack-depth of the setup: expected a whole number from 0 to 2, found the number 3',
        's.yaml:5:30: the setup has no argument "constructor"; expected max-stack-depth',
        's.yaml:6:16: "CAP_SYS_ADMN" is no capability here; did you mean CAP_SYS_ADMIN? expected one of CAP_SYS_ADMIN, CAP_DAC_OVERRIDE',
        's.yaml:7:8: expected a list of steps, found the number 7',
      ],
    ],
  ])('that is wrong as a whole: %j', (whole, expected) => {
    const { scenario, problems } = readScenario('s.yaml', whole, vocabulary);
    expect(scenario).toBeNull();
    expect(problems.map(formatProblem)).toEqual(expected);
  });

  test.each([
    ['an unknown operation', '  - opne: { inode: 1 }\n', ['1:5: there is no operation "opne"; did you mean open? expected one of ']],
    ['an unknown operation alone', '  - graceperiod\n', ['1:5: there is no operation "graceperiod"; did you mean grace-period? ']],
    ['no operation', '  - as: x\n', ['1:5: this step has no operation; expected one of backing-open, open, ']],
    ['no step', '  - 7\n  -\n', ['1:5: expected an operation or parallel, found the number 7', '2:4: expected an operation or parallel']],
    ['two operations', '  - open: { inode: 1 }\n    grace-period:\n', ['2:5: a second operation, grace-period, in the step of open; ']],
    ['an unknown field', '  - grace-period:\n    expects: ok\n', ['2:5: "expects" does not belong to a step; did you mean expect? ']],
    ['an unknown argument', '  - open: { inode: 1, bak: 1 }\n', ['1:23: open has no argument "bak"; expected one of inode, backing']],
    ['an argument of none', '  - grace-period: { now: 1 }\n', ['1:21: grace-period has no argument "now"; it has none']],
    [
      'an argument not indented',
      '  - open:\n    inode: 1\n',
      ['1:5: open needs inode', '2:5: inode is an argument of open; expected it below open'],
    ],
    ['arguments without names', '  - open: 3\n', ['1:11: expected the arguments of open by name (inode, backing), found the number 3']],
    [
      'a number that is too large',
      '  - open: { inode: 5 }\n',
      ['1:20: inode of open: expected a whole number from 1 to 4, found the number 5'],
    ],
    [
      'a number that the kernel would take for another one',
      '  - open: { inode: 1, backing: 4294967297 }\n',
      [
        '1:32: backing of open: expected a name that an earlier step gives to a backing with "as", or a number from -2147483648 to 2147483647, found the number 4294967297',
      ],
    ],
    ['no whole number', '  - open: { inode: 1.5 }\n', ['1:20: inode of open: expected a whole number from 1 to 4, found the number 1.5']],
    ['an unknown choice', '  - backing-open: { fd: reglar }\n', ['1:25: fd of backing-open: there is no "reglar"; did you mean regular? ']],
    ['an inherited choice', '  - backing-open: { fd: toString }\n', ['1:25: fd of backing-open: there is no "toString"; ']],
    [
      'a choice of no word',
      '  - backing-open: { fd: [] }\n',
      ['1:25: fd of backing-open: expected one of regular, directory, bad, found a list'],
    ],
    ['unknown flags', '  - backing-open: { flags: [ONE, FOUR] }\n', ['1:34: flags of backing-open: there is no "FOUR"; ']],
    ['no truth value', '  - backing-open: { retry: yes }\n', ['1:28: retry of backing-open: expected true or false, found "yes"']],
    ['an unknown name', '  - backing-close: { id: a }\n', ['1:26: id of backing-close: no earlier step gives the name "a"; ']],
    [
      'a name of a later step',
      '  - backing-close: { id: a }\n  - backing-open:\n    as: a\n',
      ['1:26: id of backing-close: no earlier step gives the name "a"; '],
    ],
    [
      'a name of the step itself',
      '  - open: { inode: 1, backing: a }\n    as: a\n',
      ['1:32: backing of open: no earlier step gives the name "a"; '],
    ],
    [
      'a name of another kind',
      '  - open: { inode: 1 }\n    as: a\n  - backing-close: { id: a }\n',
      ['3:26: id of backing-close: "a" is a file (line 4), expected a backing; no earlier step gives a name to a backing'],
    ],
    [
      'a name of another branch',
      '  - parallel:\n      - - backing-open:\n          as: a\n      - - backing-close: { id: a }\n',
      ['4:32: id of backing-close: only a step of another branch gives the name "a"; '],
    ],
    [
      'a name given twice',
      '  - backing-open:\n    as: a\n  - backing-open:\n    as: a\n',
      ['4:9: "a" is given in line 4 already; expected a name not used yet'],
    ],
    ['a name of nothing', '  - grace-period:\n    as: a\n', ['2:9: grace-period answers nothing to refer to; expected no "as"']],
    ['a name that is none', '  - backing-open:\n    as: 3\n', ['2:9: expected a name of letters, digits, "-" and "_" ']],
    [
      'parallel inside parallel',
      '  - parallel:\n      - - parallel: []\n',
      ['2:11: parallel inside parallel; expected an operation, or one more branch of the outer one'],
    ],
    ['no branches', '  - parallel: []\n', ['1:15: no branches; expected lists of operations']],
    ['an empty branch', '  - parallel:\n      - []\n', ['2:9: an empty branch; expected operations']],
    ['a branch that is no list', '  - parallel:\n      - grace-period\n', ['2:9: expected a list of operations as a branch of parallel']],
    [
      'fields of parallel',
      '  - parallel:\n      - - grace-period\n    expect: ok\n',
      ['3:5: "expect" does not belong to parallel; expected a step of its own'],
    ],
    ['an unknown error', '  - grace-period:\n    expect: EBUSSY\n', ['2:13: there is no error EBUSSY; did you mean EBUSY?']],
    [
      'no expectation',
      '  - grace-period:\n    expect: fine\n',
      ['2:13: expected "ok", a number, an error such as EBUSY or a list of them, found "fine"'],
    ],
    [
      'mistakes among expected answers',
      '  - grace-period:\n    expect: [ok, fine, 1.5, EBUSSY, [EIO]]\n',
      [
        '2:18: expected "ok", a number or an error such as EBUSY, found "fine"',
        '2:24: expected "ok", a number or an error such as EBUSY, found the number 1.5',
        '2:29: there is no error EBUSSY; did you mean EBUSY?',
        '2:37: expected "ok", a number or an error such as EBUSY, found a list',
      ],
    ],
    ['no answers', '  - grace-period:\n    expect: []\n', ['2:13: an empty list; expected answers such as ok or EBUSY']],
    ['unknown privileges', '  - grace-period:\n    capabilities: [CAP]\n', ['2:20: "CAP" is no capability here; expected one of ']],
    ['a key twice', '  - open: { inode: 1, inode: 2 }\n', ['1:23: the key "inode" is there a second time; a key is given once']],
    ['a tab', '  - open:\n\t  inode: 1\n', ['1:5: open needs inode', '2:1: a tab; YAML is indented by spaces only']],
    ['an anchor', '  - &a grace-period\n', ['1:8: anchors and aliases are not used here; write the value out']],
    ['a bracket left open', '  - open: { inode: 1\n', ['2:1: no YAML: ']],
    ['a second document', '  - grace-period\n---\nname: y\n', ['2:1: a second document begins here; expected one in a file']],
  ])('with %s', (_, steps, expected) => {
    const found = mistakes(steps);
    expect(found.map((each, index) => each.slice(0, expected[index]?.length))).toEqual(expected);
  });

  test('has all its mistakes told at once, in order', () => {
    const found = mistakes('  - opne\n  - open: { inode: 9 }\n    expect: EBUSSY\n  - backing-close: { id: a, id: b }\n');
    expect(found.map((each) => each.split(': ')[0])).toEqual(['1:5', '2:20', '3:13', '4:29']);
  });

  test('that is nested beyond reason is refused before it is parsed', () => {
    for (const deep of ['['.repeat(200_000), '- '.repeat(20_000), '{a: '.repeat(20_000), `a:\n${' '.repeat(500)}b: 1`]) {
      const { problems } = readScenario('s.yaml', `name: x\nsteps:\n  - ${deep}`, vocabulary);
      expect(problems.map(({ message }) => message)).toEqual(['values are nested too deeply here; no scenario needs as much']);
    }
    const wide = `name: x\nsteps: [${Array.from({ length: 5000 }, () => 'grace-period').join()}]\n`;
    expect(readScenario('s.yaml', wide, vocabulary).problems).toEqual([]);
  });

  test('has its own words in messages on one line', () => {
    expect(mistakes('  - "two\\nlines"\n')[0]).toMatch(/^1:5: there is no operation "two\\nlines"; /);
    expect(mistakes(`  - ${'x'.repeat(500)}\n`)[0]).toMatch(/^1:5: there is no operation "x{60}\.{3}"; /);
  });

  test('with any text in it is read or complained of, and never throws', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(10),
        fc.constantFrom('', '\t', '- ', '{', ']', ': ', '&a ', '*a', '"', '!!set ', '\n---\n'),
        (at, cut, put) => {
          const { scenario, problems } = readScenario('s.yaml', text.slice(0, at) + put + text.slice(at + cut), vocabulary);
          expect(scenario === null).toBe(problems.length > 0);
          for (const { line, column } of problems) expect([line, column]).toEqual([expect.any(Number), expect.any(Number)]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a printed scenario', () => {
  test('is what a person would write', () => {
    const { scenario } = readScenario('s.yaml', text, vocabulary);
    const printed = printScenario(scenario!, vocabulary);
    expect(printed).toBe(
      text
        .replace('subsystem: fuse-backing\n', '')
        .replace('flags: ONE', 'flags: [ ONE ]')
        .replace('[CAP_SYS_ADMIN]', '[ CAP_SYS_ADMIN ]')
        .replace('[EBUSY, ENOENT]', '[ EBUSY, ENOENT ]')
        .replace('- - backing-open:\n', '- - backing-open: {}\n'),
    );
  });

  test('reads back as the same', () => {
    fc.assert(
      fc.property(scenarioArbitrary, (scenario) => {
        const { scenario: again, problems } = readScenario('test', printScenario(scenario, vocabulary), vocabulary);
        expect(problems).toEqual([]);
        expect(withoutLines(again!)).toEqual(scenario);
      }),
    );
  });
});

describe('a scenario on one line', () => {
  test('says all that a run depends on', () => {
    const { scenario } = readScenario('s.yaml', text, vocabulary);
    expect(scenarioLine(scenario!)).toBe(
      'with(config.FUSE_PASSTHROUGH=true,setup.max-stack-depth=2)[CAP_SYS_ADMIN]: backing-open(fd=regular,flags=ONE)->id = ok; ' +
        'open(inode=1,backing=id); grace-period; backing-close(id=id)[] = EBUSY/ENOENT; ' +
        '{backing-close(id=id) = 0 | backing-open->other; backing-close(id=other)}; backing-close(id=other) = EPERM',
    );
  });

  test('reads back as the same', () => {
    fc.assert(
      fc.property(scenarioArbitrary, (scenario) => {
        const line = scenarioLine(scenario);
        const { scenario: again, problems } = parseScenarioLine(line, vocabulary);
        expect(problems).toEqual([]);
        expect(again).toEqual({ ...scenario, name: 'replay', title: line, description: '', source: 'generated' });
        expect(scenarioLine(again!)).toBe(line);
      }),
    );
  });

  test('has several expected answers between slashes', () => {
    const line = 'open(inode=1)->a = ok/EIO; backing-close(id=7) = -5/0/ENOENT';
    const { scenario, problems } = parseScenarioLine(line, vocabulary);
    expect(problems).toEqual([]);
    expect(scenarioLine(scenario!)).toBe(line);
  });

  test.each([
    ['open(inode=1', '1:13: expected "," or ")", found the end'],
    ['open(inode 1)', '1:12: expected "=" and the value of inode, found "1)"'],
    ['open(inode=1) open(inode=1)', '1:15: expected a ";" and the next step, found "open(inode=1"'],
    ['{grace-period', '1:14: expected ";", "|" or "}", found the end'],
    ['{}', '1:2: expected an operation, found "}"'],
    ['backing-open->', '1:15: expected a name, found the end'],
    ['backing-open = ', '1:16: expected "ok", a number or an error, found the end'],
    ['with(config.A=true) grace-period', '1:21: expected a ":" before the first step, found "grace-period"'],
    ['with(A=true): grace-period', '1:6: expected config.NAME=... or setup.NAME=..., found "A=true): gra"'],
    [
      'backing-open->a; open(inode=1,backing=-2147483649)',
      '1:39: backing of open: expected a name that an earlier step gives to a backing with "as", or a number from -2147483648 to 2147483647, found the number -2147483649',
    ],
    ['open(inode=9)', '1:12: inode of open: expected a whole number from 1 to 4, found the number 9'],
    ['open(inode=1,inode=2)', '1:14: inode is there a second time; it is given once'],
  ])('with a mistake: %s', (line, expected) => {
    const { scenario, problems } = parseScenarioLine(line, vocabulary);
    expect(scenario).toBeNull();
    expect(problems.map(formatProblem)).toEqual([`the scenario:${expected}`]);
  });
});

test('the page about scenarios shows what is read', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/scenarios.md'), 'utf8');
  const blocks = [...page.matchAll(/```\w*\n(.*?)```/gs)].map(([, block = '']) => block);
  const [scenarioText = '', line = '', vocabularyText = ''] = blocks;
  const words = readVocabulary('vocabulary.yaml', vocabularyText, toySubsystem);
  expect(words.problems).toEqual([]);
  expect(readScenario('s.yaml', scenarioText.replace('release: { file: file }', 'open: { inode: 2 }'), words.vocabulary!).problems).toEqual(
    [],
  );
  expect(parseScenarioLine(line.trim().replace('release(file=b)', 'open(inode=2)'), words.vocabulary!).problems).toEqual([]);
});
