// Generated scenarios: how many there are, which are left out, and that their lines read back.
import { describe, expect, test } from 'vitest';
import type { OperationStep, Scenario } from '../../extension/model/scenario.js';
import { generateScenarios } from '../../extension/scenario/generate.js';
import { parseScenarioLine, scenarioLine } from '../../extension/scenario/line.js';
import { printScenario } from './print-scenario.js';
import { readScenario } from '../../extension/scenario/read.js';
import { readVocabulary } from '../../extension/scenario/vocabulary.js';
import { withoutLines } from './arbitrary-scenario.js';
import { toySubsystem, toyVocabulary, toyVocabularyText } from './toy-vocabulary.js';

const vocabulary = toyVocabulary();

/** How many operations a scenario has. */
function size({ steps }: Scenario): number {
  return steps.flatMap((step) => (step.kind === 'parallel' ? step.branches.flat() : [step])).length;
}

/** How many scenarios there are of each length from 1 on. */
function counts(scenarios: Iterable<Scenario>): number[] {
  const found: number[] = [];
  for (const scenario of scenarios) found[size(scenario) - 1] = (found[size(scenario) - 1] ?? 0) + 1;
  return found;
}

/**
 * The same in other words: all ways to write operations one after the other, told apart by what they do, with inodes
 * named in the order of their use. `seen` has the ids known; an operation is a text, `i` stands before an inode.
 */
function everySequence(length: number, ids = 0, at = 0): string[] {
  if (length === 0) return [''];
  const rest = (text: string, more: number): string[] => everySequence(length - 1, ids + more, at + 1).map((tail) => `${text};${tail}`);
  const known = Array.from({ length: ids }, (_, id) => id);
  return [
    ...rest('backing-open', 1),
    ...[1, 2].flatMap((inode) => ['none', ...known].flatMap((id) => rest(`open i${inode} ${id}`, 0))),
    ...['seven', ...known].flatMap((id) => rest(`close ${id}`, 0)),
  ];
}

function inodesInOrder(text: string): string {
  const order = [...new Set(text.match(/i\d/g))];
  return text.replace(/i\d/g, (inode) => `i${order.indexOf(inode) + 1}`);
}

describe('one thread', () => {
  test('has every sequence once, but for the order in which inodes are named', () => {
    const generated = counts(generateScenarios(vocabulary, { operations: 4, threads: 1 }));
    const expected = [1, 2, 3, 4].map((length) => new Set(everySequence(length).map(inodesInOrder)).size);
    // Of one operation: backing-open, open without a backing file, and close of an id that nobody was given.
    expect(generated).toEqual([3, 12, 62, 397]);
    expect(generated).toEqual(expected);
  });

  test('begins with the shortest, and names them for good', () => {
    const scenarios = [...generateScenarios(vocabulary, { operations: 2, threads: 1 })];
    expect(scenarios.slice(0, 10).map(({ name, title }) => `${name} ${title}`)).toEqual([
      'generated-1-1 backing-open',
      'generated-1-2 open(inode=1,backing=0)',
      'generated-1-3 backing-close(id=7)',
      'generated-2-1 backing-open; backing-open',
      'generated-2-2 backing-open->a; open(inode=1,backing=a)',
      'generated-2-3 backing-open; open(inode=1,backing=0)',
      'generated-2-4 backing-open->a; backing-close(id=a)',
      'generated-2-5 backing-open; backing-close(id=7)',
      'generated-2-6 open(inode=1,backing=0); backing-open',
      'generated-2-7 open(inode=1,backing=0); open(inode=1,backing=0)',
    ]);
    const names = [...generateScenarios(vocabulary, { operations: 3, threads: 1 })].map(({ name }) => name);
    expect(names.slice(0, scenarios.length)).toEqual(scenarios.map(({ name }) => name));
  });

  test('leaves nothing out where values that are alike have different rows', () => {
    const uneven = readVocabulary('v.yaml', toyVocabularyText.replace('      - { inode: 2, backing: 0 }\n', ''), toySubsystem).vocabulary!;
    const lines = [...generateScenarios(uneven, { operations: 3, threads: 1 })].map(scenarioLine);
    expect(lines).toContain('backing-open->a; open(inode=2,backing=a); open(inode=1,backing=0)');
  });

  test('can be gone through again', () => {
    const scenarios = generateScenarios(vocabulary, { operations: 2, threads: 1 });
    expect([...scenarios]).toEqual([...scenarios]);
  });

  test('has an operation without rows never', () => {
    const operations = [...generateScenarios(vocabulary, { operations: 2, threads: 1 })].flatMap(({ steps }) => steps as OperationStep[]);
    expect(new Set(operations.map(({ operation }) => operation))).toEqual(new Set(['backing-open', 'open', 'backing-close']));
  });
});

describe('two threads', () => {
  test('have every pair of branches once, in whatever order', () => {
    const lines = [...generateScenarios(vocabulary, { operations: 2, threads: 2 })].map(scenarioLine);
    expect(lines).toEqual([
      '{backing-open | backing-open}',
      '{backing-open | open(inode=1,backing=0)}',
      '{backing-open | backing-close(id=7)}',
      '{open(inode=1,backing=0) | open(inode=1,backing=0)}',
      '{open(inode=1,backing=0) | open(inode=2,backing=0)}',
      '{open(inode=1,backing=0) | backing-close(id=7)}',
      '{backing-close(id=7) | backing-close(id=7)}',
    ]);
  });

  test('are as many as there are beginnings with two branches, told apart by what they do', () => {
    const expected = [2, 3, 4].map((length) => {
      const found = new Set<string>();
      for (let before = 0; before <= length - 2; before++) {
        for (const prefix of everySequence(before)) {
          const ids = prefix.split('backing-open').length - 1;
          for (let left = 1; left < length - before; left++) {
            for (const a of everySequence(left, ids, before)) {
              for (const b of everySequence(length - before - left, ids, before)) {
                found.add([inodesInOrder(`${prefix}{${a}|${b}}`), inodesInOrder(`${prefix}{${b}|${a}}`)].sort()[0] ?? '');
              }
            }
          }
        }
      }
      return found.size;
    });
    const generated = counts(generateScenarios(vocabulary, { operations: 4, threads: 2 }));
    expect(generated.slice(1)).toEqual([7, 78, 874]);
    expect(generated.slice(1)).toEqual(expected);
  });

  test('refer to what was answered before, or in the same branch', () => {
    const lines = [...generateScenarios(vocabulary, { operations: 3, threads: 2 })].map(scenarioLine);
    expect(lines).toContain('backing-open->a; {backing-close(id=a) | backing-close(id=a)}');
    expect(lines).toContain('{backing-open->a; backing-close(id=a) | backing-open}');
    expect(new Set(lines).size).toBe(lines.length);
  });
});

test.each([1, 2] as const)('with %d threads, each is a scenario that files and lines can hold', (threads) => {
  for (const scenario of generateScenarios(vocabulary, { operations: 3, threads })) {
    const { scenario: fromFile, problems } = readScenario('generated', printScenario(scenario, vocabulary), vocabulary);
    expect(problems).toEqual([]);
    expect(withoutLines(fromFile!)).toEqual(scenario);
    expect(parseScenarioLine(scenarioLine(scenario), vocabulary).scenario).toEqual({ ...scenario, name: 'replay' });
  }
});
