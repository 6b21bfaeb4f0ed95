// What operations answered together, and which were left out, as text and as JSON.
import { describe, expect, test } from 'vitest';
import type { Combination, Combinations } from '../../extension/model/combinations.js';
import type { SimulationResult } from '../../extension/model/simulation.js';
import { simulationSchema, simulationToJson } from '../../extension/review/report/json/simulation-json.js';
import { formatSimulation } from '../../extension/review/report/text/simulation-text.js';
import { plainPaint } from '../../extension/review/report/text/terminal.js';
import { simulated } from './executed.js';

const plain: SimulationResult = { ...simulated([]), bounds: { ...simulated([]).bounds, faults: 1 } };
const order = (schedule: string, ...answers: (string | null)[]): Combination => ({ answers, ended: null, schedule });
const raced = (each: readonly Combination[], more: Partial<Combinations> = {}): SimulationResult => ({
  ...plain,
  combinations: {
    operations: [
      { text: 'open(inode=1)', thread: 1 },
      { text: 'read(file=a)', thread: 1 },
      { text: 'open(inode=1)', thread: 2 },
      { text: 'close', thread: 0 },
    ],
    differing: [0, 2],
    each,
    exhaustive: true,
    ...more,
  },
});
const one = order('run 1:7 2', 'ok', '4096', '-EIO', '0');
const other = order('run 2:5 1', '-EIO', 'left out', 'ok', '0');

/** Without the summary at the end. */
function text(result: SimulationResult, all = false): string[] {
  const lines = formatSimulation([result], { paint: plainPaint, all, replay: ({ schedule }) => `again @ ${schedule}` }).split('\n');
  return lines.slice(0, lines.indexOf(''));
}

describe('answers of a race', () => {
  test('are told with an order that gives them, and which come never', () => {
    expect(text(raced([one, other])).slice(1)).toEqual([
      '  answers without faults: 2 combinations in all orders of threads',
      '    thread 1: open(inode=1) = ok, thread 2: open(inode=1) = -EIO',
      '      replay: again @ run 1:7 2',
      '    thread 1: open(inode=1) = -EIO, thread 2: open(inode=1) = ok; left out: read(file=a)',
      '      replay: again @ run 2:5 1',
      '    never: ok and ok; -EIO and -EIO',
    ]);
  });

  test('are not said to be all of them where they may not be', () => {
    const some = raced([one, other], { exhaustive: false });
    const told = text({ ...some, bounds: { ...some.bounds, exhaustive: false, stopped: 'the time is up' } });
    expect(told[1]).toBe('  answers without faults: 2 combinations in the orders of threads that were run, not exhaustive: the time is up');
    expect(told.at(-1)).toBe('    not seen: ok and ok; -EIO and -EIO');
    const bounded = raced([one, other]);
    expect(text({ ...bounded, bounds: { ...bounded.bounds, preemptions: 1 } })[1]).toContain(
      'all orders of threads with at most 1 preemption',
    );
  });

  test('are one line where all orders give the same', () => {
    expect(text(raced([one], { differing: [] })).slice(1)).toEqual(['  answers without faults: the same in all orders of threads']);
  });

  test('are not told of orders that end in an error, of which nobody knows what they would have answered', () => {
    const ended: Combination = { answers: ['ok', null, null, null], ended: 'reads NULL', schedule: 'run 1:3 2' };
    const told = text(raced([one, other, ended]));
    expect(told.at(-1)).toBe('    one more ends in an error');
    expect(told.join('\n')).not.toContain('never');
  });

  test('are not all shown where there are many', () => {
    const many = Array.from({ length: 12 }, (_, at) => order(`run 1:${at} 2`, `${at}`, '0', 'ok', '0'));
    expect(text(raced(many, { differing: [0] })).at(-1)).toBe('    4 more (shown with --all)');
    expect(text(raced(many, { differing: [0] }), true)).toHaveLength(2 + 2 * 12);
  });
});

describe('a step that was left out', () => {
  const read = { operation: 'read(file=a)', line: 9, refersTo: 'open(inode=1)', answered: '-EIO', instead: null, always: true };
  const open = { operation: 'open(backing=id)', line: 7, refersTo: 'backing-open', answered: null, instead: 99, always: false };

  test('is part of the verdict, with the reason', () => {
    const result = { ...plain, missing: [open, read] };
    expect(text(result)).toEqual([
      'made-up: no error, 1 step left out (1 execution)'.replace('made-up', result.scenario.name),
      '  open(backing=id) is given 99, as backing-open is left out on some paths',
      '  left out: read(file=a), as open(inode=1) answers -EIO',
    ]);
    const formatted = formatSimulation([result, plain], { paint: plainPaint, all: false, replay: () => '' });
    expect(formatted).toContain('\nno error, steps left out in 1 of 2 scenarios\n');
    expect(formatSimulation([result], { paint: plainPaint, all: false, replay: () => '' })).toContain('\nno error, 1 step left out\n');
  });

  test('is in the JSON, with what operations answered together', () => {
    const json = simulationToJson('7.2', 1, [{ ...raced([one, other]), missing: [read] }], { all: false });
    expect(simulationSchema.parse(JSON.parse(JSON.stringify(json)))).toEqual(json);
    const [result] = json.results;
    expect(result?.missing).toEqual([read]);
    expect(result?.combinations).toMatchObject({ differing: [0, 2], exhaustive: true, each: [one, other] });
    expect(result?.combinations?.each[1]?.replay).toMatch(/ @ run 2:5 1$/);
    expect(simulationToJson('7.2', 1, [plain], { all: false }).results[0]).toMatchObject({ missing: [], combinations: null });
  });
});
