// The simulator beside the kernel: the same answers on one path, under the same fault.
import { describe, expect, test } from 'vitest';
import type { Agreement, ExecutionResult } from '../../extension/model/execution.js';
import type { SimulationResult } from '../../extension/model/simulation.js';
import { closestOutcome, compareExecution } from '../../extension/review/agreement.js';
import { executed, frame, kernelFault, outcome, report, simulated, simulatedFault, vocabulary } from './executed.js';

const context = { vocabulary, folder: 'fs/test' };
const words = ['register', 'open', 'close'];

function compare(kernel: ExecutionResult, simulator: SimulationResult): Agreement {
  return compareExecution(kernel, simulator, context);
}

describe('a run in the kernel', () => {
  test('agrees with a path that gives all its answers, files by their being there and ids by their number', () => {
    const agreement = compare(executed(words, [1, 17, 0]), simulated([outcome([2, 0, 0]), outcome([1, 0, 0])]));
    expect(agreement).toEqual({
      verdict: 'agrees',
      reason: null,
      rows: [
        { operation: 'register', simulated: ['2', '1'], executed: '1', agrees: true },
        { operation: 'open', simulated: ['file'], executed: 'file', agrees: true },
        { operation: 'close', simulated: ['0'], executed: '0', agrees: true },
      ],
      trace: null,
    });
  });

  test('disagrees by a row, beside the path that comes closest', () => {
    const kernel = executed(words, [1, -5, 0]);
    const simulator = simulated([outcome([2, -12, 0]), outcome([1, 0, 0], { schedule: 'run 1:3 2' })]);
    const { verdict, rows, reason } = compare(kernel, simulator);
    expect([verdict, reason]).toEqual(['disagrees', null]);
    expect(rows.map(({ agrees }) => agrees)).toEqual([true, false, true]);
    expect(rows[1]).toEqual({ operation: 'open', simulated: ['-ENOMEM', 'file'], executed: '-EIO', agrees: false });
    expect(closestOutcome(kernel, simulator, context)?.schedule).toBe('run 1:3 2');
    expect(closestOutcome(executed(words, [1, 4, 0]), simulator, context)).toBe(null);
  });

  test('disagrees where each answer is on some path and no path has them all', () => {
    const { verdict, reason } = compare(executed(['close', 'close'], [0, 0]), simulated([outcome([0, -2]), outcome([-2, 0])]));
    expect(verdict).toBe('disagrees');
    expect(reason).toContain('no path gives all of them');
  });

  test('has to leave out what the simulator leaves out, and to end where it ends', () => {
    expect(compare(executed(words, [-12, 4, null]), simulated([outcome([-12, 3, null])])).verdict).toBe('agrees');
    expect(compare(executed(words, [-12, 4, 0]), simulated([outcome([-12, 3, null])])).verdict).toBe('disagrees');
    const kernel = executed(words, [-12, 4, null]);
    const hung = {
      ...kernel,
      operations: kernel.operations.map((each) => (each.answer === null ? { ...each, answerText: 'did not end' } : each)),
    };
    const { verdict, rows } = compare(hung, simulated([outcome([-12, 3, null])]));
    expect([verdict, rows[2]?.executed, rows[2]?.simulated]).toEqual(['disagrees', 'did not end', ['left out']]);
  });

  test('is compared up to where the simulated path ends in an error, if the kernel reports one too', () => {
    const simulator = simulated([outcome([1, null, null], { ended: 'reads freed memory' })]);
    const both = compare(executed(words, [1, 3, -2], { verdict: 'errors', reports: [report()] }), simulator);
    expect(both.verdict).toBe('agrees');
    expect(both.reason).toContain('reads freed memory; what comes after it is not compared');
    expect(both.rows.map(({ compared = true }) => compared)).toEqual([true, false, false]);
    const alone = compare(executed(words, [1, 3, -2]), simulator);
    expect(alone.verdict).toBe('disagrees');
    expect(alone.reason).toContain('the kernel reports none');
    expect(closestOutcome(executed(words, [1, 3, -2]), simulator, context)).not.toBe(null);
  });

  test('has to agree in every round', () => {
    const simulator = simulated([outcome([1, 0, 0]), outcome([1, -5, 0])]);
    expect(compare(executed(words, [1, 3, 0], { variants: [[1, -5, 0]] }), simulator).verdict).toBe('agrees');
    const { verdict, reason, rows } = compare(
      executed(words, [1, 3, 0], {
        variants: [
          [1, -5, 0],
          [1, 3, null],
        ],
      }),
      simulator,
    );
    expect([verdict, reason]).toEqual(['disagrees', 'in another round than the first']);
    expect(rows[2]).toEqual({ operation: 'close', simulated: ['0'], executed: 'did not end', agrees: false });
  });

  test('prefers a whole path to one that ends in an error', () => {
    const simulator = simulated([outcome([1, null, null], { ended: 'deadlock' }), outcome([1, 0, 0])]);
    expect(compare(executed(words, [1, 3, 0]), simulator)).toMatchObject({ verdict: 'agrees', reason: null });
  });

  test('is not compared where one of the two did not run, or the simulator did not get through', () => {
    const fine = executed(words, [1, 3, 0]);
    const simulator = simulated([outcome([1, 0, 0])]);
    const reason = (kernel: ExecutionResult, other: SimulationResult): string | null => {
      const agreement = compare(kernel, other);
      expect([agreement.verdict, agreement.rows]).toEqual(['not compared', []]);
      return agreement.reason;
    };
    expect(reason({ ...fine, verdict: 'not run', reason: 'no QEMU' }, simulator)).toContain('no QEMU');
    expect(reason(fine, { ...simulator, verdict: 'not run', reason: 'no mount' })).toContain('no mount');
    expect(reason(fine, { ...simulator, outcomes: [] })).toContain('no path');
    const { outcomes: _, ...unasked } = simulator;
    expect(reason(fine, unasked)).toContain('not asked');
    expect(reason({ ...fine, operations: fine.operations.slice(1) }, simulator)).toContain('2 operations');
    expect(reason(executed(words, [1, 3, -5]), simulated([outcome([1, 0, 0])], 'the time is up'))).toContain('the time is up');
    expect(compare(fine, simulated([outcome([1, 0, 0])], 'the time is up')).verdict).toBe('agrees');
  });
});

describe('a run with a fault', () => {
  const chain = [
    frame('should_failslab', 'mm/failslab.c:40'),
    frame('make', 'fs/test/a.c:31', { inlined: true }),
    frame('add', 'fs/test/a.c:50'),
  ];
  const plain = outcome([1, 0, 0]);
  const failed = (more: Parameters<typeof simulatedFault>[2], answers: readonly (number | null)[]): ReturnType<typeof outcome> =>
    outcome(answers, { faults: [simulatedFault('fs/test/a.c:30', 'make', { lastLine: 32, ...more })] });

  test('is held against the same call of the same operation, within the lines of its statement', () => {
    const kernel = executed(words, [-12, 3, null], { fault: kernelFault(chain) });
    expect(compare(kernel, simulated([plain, failed({}, [-12, 0, null])])).verdict).toBe('agrees');
    expect(compare(kernel, simulated([plain, failed({}, [-5, 0, null])])).rows[0]).toMatchObject({ simulated: ['-EIO'], agrees: false });
  });

  test.each([
    ['another operation', { operation: 1 }],
    ['a statement that ended before', { lastLine: 30 }],
    ['another function', { at: { file: 'fs/test/a.c', line: 30, span: { start: 0, end: 1 }, function: 'other' } }],
  ])('is not compared with %s, and says where it was', (_, more) => {
    const kernel = executed(words, [-12, 3, null], { fault: kernelFault(chain) });
    const { verdict, reason } = compare(kernel, simulated([plain, failed(more, [-12, 0, null])]));
    expect(verdict).toBe('not compared');
    expect(reason).toContain('failslab at fs/test/a.c:31 in make()');
    expect(reason).toContain('not those without a fault');
  });

  test('is not held against the simulator where what failed was made up for', () => {
    const kernel = executed(words, [1, 3, 0], { fault: kernelFault(chain) });
    const { verdict, reason } = compare(kernel, simulated([plain, failed({}, [-12, 0, null])]));
    expect(verdict).toBe('not compared');
    expect(reason).toContain('the kernel gets over the failure in operation 1: failslab at fs/test/a.c:31 in make()');
  });

  test('says where the kernel gets over a failure that the simulator does not have', () => {
    const { verdict, reason } = compare(executed(words, [1, 3, 0], { fault: kernelFault(chain) }), simulated([plain]));
    expect([verdict, reason?.endsWith('the answers are those without a fault')]).toEqual(['not compared', true]);
  });

  test('outside of the subsystem is known by the function that the simulator lets fail', () => {
    const outside = [frame('should_failslab', 'mm/failslab.c:40'), frame('alloc_file', 'fs/file_table.c:9'), frame('sys_open', null)];
    const kernel = executed(words, [1, -23, 0], { fault: kernelFault(outside, { operation: 1 }) });
    const fault = simulatedFault('runtime/kernel/file.h:3', '__model_file', { operation: 1, name: 'alloc_file' });
    expect(compare(kernel, simulated([plain, outcome([1, -23, 0], { faults: [fault] })])).verdict).toBe('agrees');
    const { reason } = compare(kernel, simulated([plain, outcome([1, -23, 0], { faults: [{ ...fault, name: 'other' }] })]));
    expect(reason).toContain('should_failslab(), called from alloc_file(), called from sys_open()');
  });

  test('that the operation has no point for is a run without one', () => {
    const kernel = executed(words, [1, 3, 0], { fault: kernelFault([], { name: '' }) });
    expect(compare(kernel, simulated([failed({}, [-12, 0, null]), plain])).verdict).toBe('agrees');
  });

  test('needs a simulator that was run with faults', () => {
    const simulator = simulated([plain]);
    const { reason } = compare(executed(words, [1, 3, 0], { fault: kernelFault(chain) }), {
      ...simulator,
      bounds: { ...simulator.bounds, faults: 0 },
    });
    expect(reason).toBe('the simulator was run without faults');
  });
});
