import { failed, ok } from '../../extension/model/result.js';
import { describe, expect, test } from 'vitest';
import type { OperationStep, Scenario } from '../../extension/model/scenario.js';
import {
  heldText,
  type Behaviour,
  type BehaviourFault,
  type Counterexample,
  type HeldObject,
  type SimulationErrorKind,
  type SimulationResult,
} from '../../extension/model/simulation.js';
import type { Review } from '../../extension/model/review.js';
import { noStats } from '../../extension/review/reviewer.js';
import { compareBehaviour } from '../../extension/review/behaviour.js';
import { behaviourSchema, behaviourToJson } from '../../extension/review/report/json/behaviour-json.js';
import { verdictOf } from '../../extension/review/verdict.js';
import { gapText } from '../../extension/review/report/text/verdict-text.js';
import { defaultBounds } from '../../extension/simulator/explore/bounds.js';

function operation(name: string, as: string | null = null, args: OperationStep['arguments'] = {}): OperationStep {
  return { kind: 'operation', operation: name, arguments: args, as, capabilities: null, expect: null, line: 1 };
}

function scenario(name: string, steps: readonly OperationStep[] = []): Scenario {
  return { name, title: '', description: '', subsystem: 's', config: {}, setup: {}, capabilities: null, steps, source: 'bundled' };
}

/** `fb 2 conn.map[1] inode.fb`: an object with its count, an entry of an index and a field that hold it. */
function object(text: string): HeldObject {
  const [type = '', count = '', ...holders] = text.split(' ');
  return {
    type,
    count: Number(count),
    waiting: false,
    holders: holders.map((holder) => {
      const [, field = '', key] = /^([^[]+)(?:\[(\d+)\])?$/.exec(holder) ?? [];
      return { field, key: key === undefined ? null : `entry ${key}` };
    }),
  };
}

function step(text: string, answer: string, held: readonly string[] = [], faults: readonly BehaviourFault[] = [], index = 0): Behaviour {
  return { operation: text, index, line: index + 1, faults, answer, held: held.map(object), schedule: 'straight' };
}

function error(kind: SimulationErrorKind, id: string): Counterexample {
  return {
    error: { kind, id, message: `${kind} ${id}`, at: null, related: [] },
    scenario: scenario('shrunk'),
    faults: 0,
    preemptions: 0,
    schedule: 'straight',
    trace: { threads: ['main'], operations: [], steps: [], objects: [] },
  };
}

function result(
  name: string,
  behaviours: readonly Behaviour[],
  counterexamples: readonly Counterexample[] = [],
  steps: readonly OperationStep[] = [],
): SimulationResult {
  return {
    scenario: scenario(name, steps),
    tree: 'tree',
    verdict: counterexamples.length > 0 ? 'errors' : 'no error',
    reason: null,
    counterexamples,
    behaviours,
    assumed: [],
    stats: { executions: 1, states: 0, transitions: 1, pruned: 0, milliseconds: 1 },
    bounds: { ...defaultBounds, exhaustive: true, stopped: null },
  };
}

const notRun = (name: string): SimulationResult => ({ ...result(name, []), verdict: 'not run', reason: 'this tree has no mount' });

const fault = (name: string, at = 0): BehaviourFault[] => [{ operation: at, name }];

const emptyReview: Review = {
  findings: [],
  notAnalysed: [],
  stats: noStats,
  patches: [],
  problems: [],
  files: [],
};

describe('two runs of the same scenarios', () => {
  test('that do the same show no change', () => {
    const runs = [result('a', [step('open', '0', ['x 1'])])];
    expect(compareBehaviour(runs, runs)).toMatchObject({ changes: [], introduced: [], fixed: [], compared: 1, executions: 2 });
  });

  test('show another answer once, with the scenarios that it is in', () => {
    const before = ['a', 'b'].map((name) => result(name, [step('open(fd=bad)', '-EPERM')]));
    const after = ['a', 'b'].map((name) => result(name, [step('open(fd=bad)', '-EBADF')]));
    expect(compareBehaviour(before, after).changes).toMatchObject([
      {
        scenario: 'a',
        alsoIn: ['b'],
        operation: 'open(fd=bad)',
        faults: [],
        before: { answer: '-EPERM', held: [] },
        after: { answer: '-EBADF', held: [] },
        follows: false,
      },
    ]);
  });

  test('show a reference that stays behind where it comes about, and not again at each later step', () => {
    const with3 = (held: readonly string[]): SimulationResult[] => [
      result('a', [step('close', '0', held, [], 0), step('read', '1', held, [], 1), step('end', '0', [], [], 2)]),
    ];
    const { changes } = compareBehaviour(with3(['x 1']), with3(['x 2']));
    expect(changes).toMatchObject([{ operation: 'close', held: [{ type: 'x', alive: 0, count: 1, gone: [], fresh: [] }] }]);
  });

  test('show a change under a fault only where it is another one than without', () => {
    const kmalloc = fault('kmalloc');
    const before = [result('a', [step('open', '0'), step('open', '-ENOMEM', [], kmalloc), step('open', '0', [], fault('old'))])];
    const same = [result('a', [step('open', '1'), step('open', '-ENOMEM', [], kmalloc), step('open', '1', [], fault('new'))])];
    const compared = compareBehaviour(before, same);
    expect(compared.changes.map(({ faults }) => faults)).toEqual([[]]);
    // Another call's failure is another event, and it is said that nothing was compared there.
    expect(compared.uncompared).toEqual({ before: ['old'], after: ['new'] });
    const other = [result('a', [step('open', '0'), step('open', '-EIO', [], kmalloc)])];
    expect(compareBehaviour(before, other).changes.map(({ faults }) => faults)).toEqual([kmalloc]);
  });

  test('tell errors apart by what they are about, and take an unexpected answer for a change, not for an error', () => {
    const before = [result('a', [], [error('leak', 'old'), error('warning', 'both')])];
    const after = [result('a', [], [error('warning', 'both'), error('use-after-free', 'new'), error('wrong-result', 'answer')])];
    const { introduced, fixed } = compareBehaviour(before, after);
    expect(introduced.map(({ counterexample }) => counterexample.error.id)).toEqual(['new']);
    expect(fixed.map(({ counterexample }) => counterexample.error.id)).toEqual(['old']);
  });

  test('say what was not run and what was not finished', () => {
    const stopped = result('b', []);
    const ended = { ...stopped, bounds: { ...stopped.bounds, exhaustive: false, stopped: 'the time is up' } };
    const review = compareBehaviour([notRun('a'), ended, result('c', [])], [notRun('a'), ended, notRun('c')]);
    expect(review).toMatchObject({
      compared: 1,
      notRun: [
        { scenario: 'a', reason: 'this tree has no mount', silent: true },
        { scenario: 'c', silent: false },
      ],
    });
    const { gaps, kind } = verdictOf(emptyReview, [], ok(review));
    expect(kind).toBe('incomplete');
    expect(gaps.map(gapText)).toEqual(['1 scenario not run: this tree has no mount', '1 scenario not run to the end: the time is up']);
    expect(behaviourSchema.parse(behaviourToJson(ok(review), [], { all: false })).simulation.notExhaustive).toHaveLength(1);
    expect(behaviourToJson(failed({ reason: 'left out', asked: true }), [], { all: false }).simulation.reason).toBe('left out');
  });
});

test('tells what neither tree could run for a function that is not analysed, or as the user had enough', () => {
  const unread = { ...notRun('a'), reason: 'get() is not analysed: x.c, line 1: expected ;', unread: ['get'] };
  const cancelled = { ...notRun('b'), reason: 'cancelled' };
  const review = compareBehaviour([unread, cancelled, result('c', [])], [unread, cancelled, result('c', [])]);
  expect(review.notRun.map(({ silent }) => silent)).toEqual([false, false]);
  expect(verdictOf(emptyReview, [], ok(review)).gaps.map(gapText)).toEqual([
    '1 scenario not run: get() is not analysed: x.c, line 1: expected ;',
    '1 scenario not run: cancelled',
  ]);
});

describe('what only follows from another change', () => {
  const steps = [
    operation('register', 'id'),
    operation('open', 'file', { backing: 'id' }),
    operation('read', null, { file: 'file' }),
    operation('close', null, { id: 7 }),
  ];
  const run = (answers: readonly string[], held: readonly (readonly string[])[] = []): SimulationResult[] => [
    result(
      'a',
      answers.flatMap((answer, index) =>
        answer === '' ? [] : [step(steps[index]?.operation ?? '', answer, held[index] ?? [], [], index)],
      ),
      [],
      steps,
    ),
  ];
  const told = (before: readonly SimulationResult[], after: readonly SimulationResult[]): unknown[] =>
    compareBehaviour(before, after).changes.map(({ operation: name, follows, consequences }) => [name, follows, consequences]);

  test('is a step that works on what the changed step answered', () => {
    expect(told(run(['1', '0', '4096', '-ENOENT']), run(['0', '-EIO', '', '-ENOENT']))).toEqual([
      ['register', false, 1],
      ['open', true, 0],
    ]);
  });

  test('is no step that has nothing to do with it', () => {
    expect(told(run(['1', '0', '4096', '-EPERM']), run(['0', '0', '4096', '-ENOENT']))).toEqual([
      ['register', false, 0],
      ['close', false, 0],
    ]);
  });

  test('is another answer where another one before left other references', () => {
    const left = [['x 1'], ['x 1'], ['x 1'], ['x 1']];
    expect(told(run(['1', '0', '4096', '0']), run(['-EIO', '0', '4096', '-ENOENT'], left))).toEqual([
      ['register', false, 1],
      ['close', true, 0],
    ]);
  });

  test('is not another answer after references that are only held otherwise', () => {
    const other = [['x 2'], ['x 2'], ['x 2'], ['x 2']];
    const same = [['x 1'], ['x 1'], ['x 1'], ['x 1']];
    expect(told(run(['1', '0', '4096', '0'], same), run(['1', '0', '4096', '-ENOENT'], other))).toEqual([
      ['register', false, 0],
      ['close', false, 0],
    ]);
  });
});

describe('an answer that changes with and without a fault', () => {
  test('is told without the fault, also where an earlier step seemed to explain it', () => {
    const steps = [operation('register', 'id'), operation('register')];
    const kmalloc = fault('kmalloc');
    const run = (first: string, second: string, held: readonly string[]): SimulationResult[] => [
      result(
        'a',
        [
          step('register', first, held, [], 0),
          step('register(bad)', second, held, [], 1),
          step('register', '-ENOMEM', [], kmalloc, 0),
          step('register(bad)', second, [], kmalloc, 1),
        ],
        [],
        steps,
      ),
    ];
    const { changes } = compareBehaviour(run('-EPERM', '-EPERM', []), run('1', '-EBADF', ['x 1']));
    expect(changes.map(({ operation: name, faults, follows }) => [name, faults, follows])).toEqual([
      ['register', [], false],
      ['register(bad)', [], false],
    ]);
  });

  test('has beside it only what it leaves itself, not what a step before it left', () => {
    const run = (second: string, held: readonly string[]): SimulationResult[] => [
      result('a', [step('open', '0', held, [], 0), step('close', second, held, [], 1)]),
    ];
    const { changes } = compareBehaviour(run('-ENOENT', ['x 1']), run('-EBUSY', ['x 2']));
    expect(changes.map(({ operation: name, held }) => [name, held.length])).toEqual([
      ['open', 1],
      ['close', 0],
    ]);
  });
});

describe('who holds a reference', () => {
  const one = (held: readonly string[], start: readonly string[] = []): SimulationResult[] => [
    { ...result('a', [step('open', '1', held)]), start: start.map(object) },
  ];

  test('is the same where the index is called otherwise', () => {
    const { changes, respelt } = compareBehaviour(one(['fb 2 conn.map[1] inode.fb']), one(['fb 2 conn.files[1] inode.fb']));
    expect(changes).toEqual([]);
    expect(respelt).toEqual([{ before: 'conn.map', after: 'conn.files' }]);
  });

  test('is another one where the entry has another key', () => {
    const { changes } = compareBehaviour(one(['fb 1 conn.map[1]', 'fc 1 list.a']), one(['fb 1 conn.files[2]', 'fc 1 list.a']));
    expect(changes).toHaveLength(1);
  });

  test('is the same where the record is called otherwise, or was split', () => {
    const renamed = compareBehaviour(one(['fb 1 conn.map[1]', 'cred 1 fb.cred']), one(['bf 1 conn.map[1]', 'cred 1 bf.cred']));
    expect(renamed.changes).toEqual([]);
    expect(renamed.respelt).toContainEqual({ before: 'fb', after: 'bf' });
    const split = compareBehaviour(one(['fb 1 conn.map[1]', 'fc 1 mount.fc']), one(['fb 1 chan.map[1]', 'fc 1 mount.fc']));
    expect(split.changes).toEqual([]);
    expect(split.respelt).toEqual([{ before: 'conn.map', after: 'chan.map' }]);
  });

  test('is another one where another record holds it, whatever the field is called', () => {
    const { changes } = compareBehaviour(one(['fb 1 inode.backing', 'fc 1 m.fc']), one(['fb 1 file.fb', 'fc 1 m.fc']));
    expect(changes).toMatchObject([{ held: [{ type: 'fb', gone: ['inode.backing'], fresh: ['file.fb'] }] }]);
  });

  test('is told of a field that is still there, too', () => {
    const before = [...one(['fb 1 inode.fb']), ...one(['fb 1 file.fb'])];
    const after = [...one(['fb 1 file.fb']), ...one(['fb 1 file.fb'])];
    expect(compareBehaviour(before, after).changes).toHaveLength(1);
  });

  test('is no change where it was so when the scenario began, which is told once', () => {
    const { changes, start } = compareBehaviour(one(['fc 2 a.x', 'fb 1 m[1]'], ['fc 2 a.x']), one(['fc 2 b.y', 'fb 1 m[1]'], ['fc 2 b.y']));
    expect(changes).toEqual([]);
    expect(start).toMatchObject([{ type: 'fc', gone: ['a.x'], fresh: ['b.y'] }]);
  });

  test('is told in words with count and keys', () => {
    expect(heldText(object('fb 2 conn.map[1] inode.fb'))).toBe('fb: count 2, held by entry 1 of conn.map, inode.fb');
  });
});
