import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBounds } from '../../extension/editor/host/settings-values.js';
import { errorsOf, replayedResult, runBlames, summaryOf, totalOf, verdictOf } from '../../extension/editor/host/simulation/outcome.js';
import type { Simulated } from '../../extension/editor/protocol/webview-messages.js';
import type { Counterexample, SimulationResult } from '../../extension/model/simulation.js';
import { defaultBounds } from '../../extension/simulator/explore/bounds.js';

const scenario = {
  ...{ name: 's', title: 's', description: '', subsystem: 'x', config: {}, setup: {}, capabilities: null, steps: [], source: 's.yaml' },
};

function error(id: string): Counterexample {
  return {
    error: { kind: 'leak', id, message: `${id} is never freed`, at: null, related: [] },
    scenario,
    faults: 0,
    preemptions: 0,
    schedule: 'straight',
    trace: { threads: [], operations: [], steps: [], objects: [] },
  };
}

function result(ids: readonly string[], change: Partial<SimulationResult> = {}, stopped: string | null = null): SimulationResult {
  return {
    scenario,
    tree: 'linux',
    verdict: ids.length > 0 ? 'errors' : 'no error',
    reason: null,
    counterexamples: ids.map(error),
    behaviours: [],
    assumed: [],
    stats: { executions: 1234, states: 1, transitions: 1, pruned: 0, milliseconds: 1 },
    bounds: { ...defaultBounds, exhaustive: stopped === null, stopped },
    ...change,
  };
}

const run = (of: SimulationResult, base?: SimulationResult): Pick<Simulated, 'result' | 'base'> => ({
  result: of,
  base: base === undefined ? null : { result: base, traces: [] },
});

const notRun = result([], { verdict: 'not run', reason: 'there is no fuse_backing_open()' }, 'there is no fuse_backing_open()');

describe('who is to blame', () => {
  const at = { file: 'fs/fuse/backing.c', line: 213, span: { start: 0, end: 1 }, function: 'fuse_backing_close' };
  const traced = (object: number | undefined): Counterexample => ({
    ...error('leak'),
    error: { kind: 'refcount', id: 'r', message: 'r', at, related: [], ...(object === undefined ? {} : { object }) },
    trace: {
      threads: ['main'],
      operations: [{ text: 'close', actor: 'server', thread: 0, line: 1, answer: '0' }],
      steps: [{ thread: 0, kind: 'statement', operation: 0, depth: 1, at, text: 'put(fb)', changes: [] }],
      objects: [
        {
          id: 1,
          type: 'fuse_backing',
          name: 'fuse_backing 1',
          from: 0,
          moments: [
            { step: -1, state: 'live', count: 2, holders: ['index', 'inode'] },
            { step: 0, state: 'live', count: 1, holders: ['index', 'inode'] },
          ],
        },
      ],
    },
  });

  test('is the operation after which an object has another count than references', () => {
    expect(runBlames({ ...result([]), counterexamples: [traced(1)] })).toEqual([
      { operation: 0, function: 'fuse_backing_close', at, excess: -1 },
    ]);
  });

  test('is nobody where an error is about no object', () => {
    expect(runBlames({ ...result([]), counterexamples: [traced(undefined)] })).toEqual([null]);
  });
});

describe('what a run comes to', () => {
  test('passes, and says on how many paths', () => {
    expect(verdictOf(run(result([])))).toBe('passed');
    expect(summaryOf(run(result([])))).toBe('no error on 1,234 paths');
    const step = { operation: 'read', line: 3, refersTo: 'open', answered: '-EIO', always: true };
    const missing = [
      { ...step, instead: null },
      { ...step, instead: 99 },
    ];
    expect(summaryOf(run({ ...result([]), missing }))).toBe('no error on 1,234 paths, 1 step left out');
  });

  test('says that a bound was reached, with errors and without', () => {
    expect(verdictOf(run(result([], {}, '60 s are over')))).toBe('stopped');
    expect(verdictOf(run(result([]), result([], {}, '60 s are over')))).toBe('stopped');
    expect(summaryOf(run(result([], {}, '60 s are over')))).toBe(
      'stopped after 1,234 paths (not exhaustive: 60 s are over); nothing was found by then',
    );
    expect(summaryOf(run(result(['a'], {}, '60 s are over')))).toBe(
      '1 error on 1,234 paths: a is never freed (not exhaustive: 60 s are over)',
    );
  });

  test('has not passed where it was cancelled, and keeps what it found', () => {
    expect(verdictOf(run(result([], {}, 'cancelled')))).toBe('stopped');
    expect(summaryOf(run(result([], {}, 'cancelled')))).toBe('stopped after 1,234 paths; nothing was found by then');
    expect(verdictOf(run(result(['a'], {}, 'cancelled')))).toBe('failed');
  });

  test('was not run, with the reason, on either side', () => {
    expect(verdictOf(run(notRun))).toBe('not run');
    expect(verdictOf(run(result([]), notRun))).toBe('not run');
    expect(summaryOf(run(notRun))).toBe('not run: there is no fuse_backing_open()');
    expect(summaryOf(run(result([]), notRun))).toBe('not run: there is no fuse_backing_open()');
  });
});

describe('a series', () => {
  test('answers for errors that the tree without it does not have', () => {
    expect(errorsOf(run(result(['a', 'b']), result(['b']))).map(({ error: { id } }) => id)).toEqual(['a']);
    expect(summaryOf(run(result(['a', 'b']), result(['b'])))).toBe(
      '1 new error on 1,234 paths: a is never freed; 1 error without the series too',
    );
    expect(verdictOf(run(result(['b']), result(['b'])))).toBe('passed');
    expect(summaryOf(run(result(['b']), result(['b'])))).toBe('no new error on 1,234 paths; 1 error without the series too');
  });

  test('is not blamed where the tree without it was cut short', () => {
    expect(verdictOf(run(result(['a']), result([], {}, 'cancelled')))).toBe('stopped');
  });
});

test('a list of runs in one sentence, failures first', () => {
  expect(totalOf(['passed', 'failed', 'passed', 'not run', 'stopped'])).toBe(
    '5 scenarios: 1 with errors, 1 not run, 1 stopped, 2 without error',
  );
  expect(totalOf(['passed'])).toBe('1 scenario: 1 without error');
});

test('a replay says that nothing else was run', () => {
  const { bounds, counterexamples } = replayedResult(error('a'), 'linux', defaultBounds);
  expect(bounds).toMatchObject({ exhaustive: false, stopped: 'only the path of the schedule was run' });
  expect(counterexamples).toHaveLength(1);
});

describe('bounds', () => {
  test('are the defaults of the simulator and of the manifest', () => {
    const { contributes } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      contributes: { configuration: { properties: Record<string, { default: unknown }> } };
    };
    const byManifest = readBounds((name) => contributes.configuration.properties[`fuseReview.simulation.${name}`]?.default);
    expect(byManifest).toEqual(defaultBounds);
    expect(readBounds(() => undefined)).toEqual(defaultBounds);
  });

  test('are those of the settings, but for values that make no sense', () => {
    const good: Record<string, unknown> = { faults: 2, preemptions: 0, paths: 10, seconds: 0.5 };
    expect(readBounds((name) => good[name])).toEqual({ faults: 2, preemptions: 0, executions: 10, milliseconds: 500 });
    const bad: Record<string, unknown> = { faults: -1, preemptions: 'many', paths: 0, seconds: -2 };
    expect(readBounds((name) => bad[name])).toEqual(defaultBounds);
  });
});
