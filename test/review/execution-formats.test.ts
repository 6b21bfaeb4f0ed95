// Runs in a kernel for programs: JSON that fits its schema, and KTAP as the kernel's tools read it.
import { describe, expect, test } from 'vitest';
import { executionSchema, executionToJson } from '../../extension/review/report/json/execution-json.js';
import { executionToKtap } from '../../extension/review/report/ktap/execution-ktap.js';
import { executed, frame, kernelFault, report } from './executed.js';

const words = ['register', 'open'];
const rows = [
  { operation: 'register', simulated: ['1'], executed: '1', agrees: true },
  { operation: 'open', simulated: ['file'], executed: '-EIO', agrees: false },
];
const step = { thread: 0, kind: 'print' as const, operation: 0, depth: 0, at: null, text: 'hello', changes: [] };
const trace = { threads: ['main'], operations: [], steps: [step], objects: [] };
const fine = executed(words, [1, 3], { agreement: { verdict: 'agrees', reason: null, rows: [], trace: null } });
const wrong = executed(words, [1, -5], {
  verdict: 'errors',
  reports: [report({ operation: 0 })],
  fault: kernelFault([frame('alloc', 'mm/slub.c:3')]),
  agreement: { verdict: 'disagrees', reason: 'a reason', rows, trace },
});
const notRun = executed(words, [], { operations: [], verdict: 'not run', reason: 'no QEMU #1' });

describe('as JSON', () => {
  test('fits its schema and loses nothing', () => {
    const json = executionToJson('7.2', [fine, wrong, notRun], { all: true });
    expect(executionSchema.parse(JSON.parse(JSON.stringify(json)))).toEqual(json);
    const { scenario: _scenario, agreement, ...rest } = wrong;
    expect(json.results[1]).toMatchObject(rest);
    expect(json.results[1]?.agreement).toMatchObject({ verdict: agreement.verdict, reason: agreement.reason, rows });
    expect(json.results[1]?.agreement.trace?.steps).toHaveLength(1);
    expect(json.results[1]?.scenario.line).toBe('register; open');
  });

  test('has the steps of paths with --all only', () => {
    const json = executionToJson('7.2', [wrong], { all: false });
    expect(json.results[0]?.agreement.trace).toEqual({ threads: ['main'], operations: [], missing: [] });
  });
});

describe('as KTAP', () => {
  test('is a test a run, with a subtest an operation', () => {
    expect(executionToKtap([fine, wrong, notRun]).split('\n')).toEqual([
      'KTAP version 1',
      '1..3',
      '  KTAP version 1',
      '  # Subtest: made-up',
      '  1..2',
      '  # answers 1',
      '  ok 1 register',
      '  # answers 3',
      '  ok 2 open',
      '# simulator: agrees',
      '# log: /tmp/log',
      'ok 1 made-up',
      '  KTAP version 1',
      '  # Subtest: made-up, failslab in operation 1, point 2',
      '  1..2',
      '  # answers 1',
      '  not ok 1 register',
      '  # answers -EIO; the simulator answers file',
      '  not ok 2 open',
      '# verdict: errors',
      '# KASAN: slab-use-after-free in get+0x1c/0x80',
      '#   fs/test/a.c:12 in get() (inlined)',
      '#   fs/test/b.c:7 in do_open()',
      '#   entry+0x1c/0x80',
      '# simulator: disagrees: a reason',
      '# log: /tmp/log',
      'not ok 2 made-up, failslab in operation 1, point 2',
      'ok 3 made-up # SKIP no QEMU \\#1',
      '',
    ]);
  });

  test('skips what was left out', () => {
    expect(executionToKtap([executed(words, [1, null])])).toContain('ok 2 open # SKIP left out, as what it refers to was not given\n');
  });

  test('fails what is not known, and names what was not seen', () => {
    const unknown = {
      ...fine,
      verdict: 'unknown' as const,
      reason: 'blind',
      canaries: [{ name: 'leak', expected: 'kmemleak' as const, seen: false }],
    };
    const lines = executionToKtap([unknown]).split('\n');
    expect(lines).toContain('# verdict: unknown: blind');
    expect(lines).toContain('# canary not seen: leak');
    expect(lines).toContain('not ok 1 made-up');
  });

  test('has a plan where nothing was to be run', () => {
    expect(executionToKtap([])).toBe('KTAP version 1\n1..0 # SKIP nothing to run\n');
  });

  test('has lines of its own only', () => {
    const sly = executed(['open'], [1], { verdict: 'errors', reports: [report({ title: 'x\nok 9 fake' })] });
    expect(executionToKtap([sly])).not.toMatch(/^ok 9/m);
  });
});
