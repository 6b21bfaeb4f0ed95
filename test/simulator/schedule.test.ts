// Schedules as lines: what is printed reads back the same, and what can't be read is said.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failed, ok } from '../../extension/model/result.js';
import { parseSchedule, printSchedule, type Schedule } from '../../extension/simulator/explore/schedule.js';
import { valueOf } from '../support/result.js';

const operation = fc.integer({ min: -3, max: 20 });
const nth = fc.integer({ min: 1, max: 500 });

const schedules: fc.Arbitrary<Schedule> = fc.record({
  faults: fc.array(fc.record({ operation, nth }), { maxLength: 3 }),
  inputs: fc.array(fc.record({ operation, nth, option: fc.nat(9) }), { maxLength: 3 }),
  runs: fc.array(fc.record({ thread: fc.nat(6), until: fc.option(fc.nat(100_000)) }), { maxLength: 5 }),
});

describe('the line of a schedule', () => {
  test('reads back as what was printed', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        expect(parseSchedule(printSchedule(schedule))).toEqual(ok(schedule));
      }),
    );
  });

  test('reads with spaces where people put them', () => {
    expect(valueOf(parseSchedule('  fault 2.1 ;run 1:57   2'))).toEqual({
      faults: [{ operation: 1, nth: 1 }],
      inputs: [],
      runs: [
        { thread: 1, until: 57 },
        { thread: 2, until: null },
      ],
    });
    expect(valueOf(parseSchedule(' straight '))).toEqual({ faults: [], inputs: [], runs: [] });
  });

  for (const line of ['', 'fault', 'fault 2', 'fault x.1', 'run 1:', 'run -1', 'walk 1', 'fault 1.1; ', 'input 1.1', 'straight; run 1'])
    test(`says what is wrong with '${line}'`, () => {
      expect(parseSchedule(line)).toEqual(failed(expect.stringContaining('a schedule reads like')));
    });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (line) => {
        parseSchedule(line);
      }),
    );
  });
});
