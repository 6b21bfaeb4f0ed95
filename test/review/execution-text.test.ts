// Runs in a kernel as text: a line where all is well, everything that helps where it is not.
import { describe, expect, test } from 'vitest';
import type { Agreement, ExecutionResult, KernelEvent } from '../../extension/model/execution.js';
import { formatExecution } from '../../extension/review/report/text/execution-text.js';
import { colourPaint, plainPaint } from '../../extension/review/report/text/terminal.js';
import { executed, frame, kernelFault, report } from './executed.js';

const agrees: Agreement = {
  verdict: 'agrees',
  reason: null,
  rows: [
    { operation: 'register', simulated: ['1'], executed: '1', agrees: true },
    { operation: 'open', simulated: ['file'], executed: 'file', agrees: true },
  ],
  trace: null,
};
const words = ['register', 'open'];
const fine = executed(words, [1, 3], { agreement: agrees });

function text(results: readonly ExecutionResult[], all = false): string[] {
  return formatExecution(results, { paint: plainPaint, all }).trimEnd().split('\n');
}

describe('a run', () => {
  test('in which all is well is a line', () => {
    expect(text([fine])).toEqual([
      'made-up: no error (2 operations, 3 times, 2 canaries seen); agrees with the simulator',
      '',
      'no error',
      '1 run in the kernel: 1 agrees with the simulator',
      '2.3 s',
    ]);
  });

  test('says in how many ways it went', () => {
    expect(text([{ ...fine, variants: [[1, -5]] }])[0]).toContain('3 times with 2 different outcomes,');
  });

  test('says what was left out, but where something was made to fail', () => {
    const left = executed(words, [-16, null], { agreement: agrees });
    expect(text([left])[0]).toBe('made-up: no error (2 operations, 3 times, 2 canaries seen), left out: open; agrees with the simulator');
    expect(text([{ ...left, fault: kernelFault([]) }])[0]).not.toContain('left out');
  });

  test('has its steps with --all', () => {
    expect(text([fine], true).slice(1, 5)).toEqual([
      '      step      simulator  kernel',
      '   1  register  1          1',
      '   2  open      file       file',
      '  log: /tmp/log',
    ]);
  });

  test('shows the calls that were seen in each step, and what is to be known', () => {
    const seen = (name: string, fields: Record<string, string>): KernelEvent => ({ seconds: 1, name, fields });
    const one = '0xff11000002554e40';
    const traced = fine.operations.map((operation, at) => ({
      ...operation,
      events:
        at === 0
          ? [seen('get', { obj: one, count: '1' }), seen('find_returns', { other: one }), seen('put', { obj: '0xff11000002554e80' })]
          : [
              seen('find_returns', { obj: '0x0' }),
              seen('find_returns', { obj: '0xfffffffffffffffe' }),
              seen('get', { obj: one, count: '-1' }),
            ],
    }));
    const notes = ['the processor is emulated'];
    expect(
      text(
        [
          { ...fine, operations: traced, notes },
          { ...fine, notes },
        ],
        true,
      ),
    ).toEqual([
      'made-up: no error (2 operations, 3 times, 2 canaries seen); agrees with the simulator',
      '      step      simulator  kernel',
      '   1  register  1          1',
      '        get obj=obj#1 count=1',
      '        find_returns other=obj#1',
      '        put obj=obj#2',
      '   2  open      file       file',
      '        find_returns obj=NULL',
      '        find_returns obj=-ENOENT',
      '        get obj=obj#1 count=-1',
      '  log: /tmp/log',
      ...text([fine], true).slice(0, 4),
      '  log: /tmp/log',
      '',
      'no error',
      '2 runs in the kernel: 2 agree with the simulator',
      '4.7 s',
      'to be known:',
      '  the processor is emulated',
    ]);
  });

  test('that disagrees shows both sides, and the path of the simulator with --all', () => {
    const trace = {
      threads: ['main'],
      operations: [],
      steps: [
        { thread: 0, kind: 'operation' as const, operation: 0, depth: 0, at: null, text: 'client: register', changes: [] },
        {
          thread: 0,
          kind: 'fault' as const,
          operation: 0,
          depth: 1,
          at: { file: 'fs/test/a.c', line: 3, span: { start: 0, end: 1 }, function: 'f' },
          text: 'kmalloc() fails',
          changes: [],
        },
      ],
      objects: [],
    };
    const rows = [{ operation: 'register', simulated: ['1', '-EIO'], executed: '-EPERM', agrees: false }, ...agrees.rows.slice(1)];
    const result = executed(words, [-1, 3], { agreement: { verdict: 'disagrees', reason: null, rows, trace } });
    const lines = text([result]);
    expect(lines[0]).toContain('disagrees with the simulator');
    expect(lines.slice(1, 4)).toEqual([
      '      step      simulator  kernel',
      '   1  register  1 or -EIO  -EPERM ≠',
      '   2  open      file       file',
    ]);
    expect(lines.at(-2)).toBe('1 run in the kernel: 0 agree with the simulator, 1 disagrees');
    expect(text([result], true).join('\n')).toContain('    fs/test/a.c:3 f(): kmalloc() fails');
  });

  test('with an error shows what the kernel said, with places of the tree', () => {
    const result = executed(words, [1, 3], { verdict: 'errors', reports: [report()], agreement: agrees });
    expect(text([result]).slice(0, 12)).toEqual([
      'made-up: 1 error (2 operations, 3 times); agrees with the simulator',
      '      step      simulator  kernel',
      '   1  register  1          1',
      '   2  open      file       file',
      '  error: KASAN: slab-use-after-free in get+0x1c/0x80 [kasan] (in open)',
      '    fs/test/a.c:12 in get() (inlined)',
      '    fs/test/b.c:7 in do_open()',
      '    entry+0x1c/0x80',
      '  note: Freed by task 1',
      '    fs/test/a.c:20 in put()',
      '  log: /tmp/log',
      '',
    ]);
    expect(text([result], true).join('\n')).toContain('    ? stray+0x1c/0x80');
    expect(text([result]).slice(-3)[0]).toBe('1 different error');
  });

  test('has no more frames than help', () => {
    const frames = Array.from({ length: 20 }, (_, at) => frame(`f${at}`));
    const result = executed(words, [1, 3], { verdict: 'errors', reports: [report({ frames, related: [], operation: -1 })] });
    expect(text([result]).join('\n')).toContain('    12 more frames (shown with --all)');
    expect(text([result], true).join('\n')).toContain('f19');
    expect(text([result]).join('\n')).toContain('(outside of the operations)');
  });

  test('of which nothing is known says why, with what the kernel answered', () => {
    const result = executed(words, [1, null], {
      verdict: 'unknown',
      reason: 'the canary was not seen',
      canaries: [{ name: 'leak', expected: 'kmemleak', seen: false }],
      fault: kernelFault([]),
    });
    expect(text([result])).toEqual([
      'made-up, failslab in operation 1, point 2: unknown: the canary was not seen (2 operations, 3 times, no canary seen), not seen: leak; ' +
        'not compared with the simulator: nobody asked',
      '      step      kernel',
      '   1  register  1',
      '   2  open      left out',
      '  log: /tmp/log',
      '',
      'no error seen; 1 of 1 unknown',
      '1 run in the kernel: 0 agree with the simulator, 1 not compared',
      '2.3 s',
    ]);
  });

  test('that did not come about says why', () => {
    const lines = text([executed([], [], { verdict: 'not run', reason: 'there is no QEMU', log: null })]);
    expect(lines).toEqual([
      'made-up: not run: there is no QEMU',
      '',
      'nothing was run',
      '0 runs in the kernel, 1 not run: 0 agree with the simulator',
      '2.3 s',
    ]);
  });

  test('cannot steer the terminal', () => {
    const bad = '\u001b[2Jx\u202e';
    const frames = [frame(bad, `${bad}:3`)];
    const result = executed([bad], [1], { verdict: 'errors', reason: bad, log: bad, reports: [report({ title: bad, frames })] });
    // eslint-disable-next-line no-control-regex
    expect(formatExecution([result], { paint: plainPaint, all: true })).not.toMatch(/[\u001b\u202e]/);
    expect(formatExecution([fine], { paint: colourPaint, all: false })).toContain('\u001b[1;32mno error');
  });
});
