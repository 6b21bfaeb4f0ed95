import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../extension/model/scenario.js';
import type { Behaviour, Counterexample, SimulationErrorKind, SimulationResult } from '../../extension/model/simulation.js';
import { compareBehaviour } from '../../extension/review/behaviour.js';
import { behaviourSchema, behaviourToJson } from '../../extension/review/behaviour-json.js';
import { formatBehaviour } from '../../extension/review/behaviour-text.js';
import { plainPaint } from '../../extension/review/terminal.js';
import { defaultBounds } from '../../extension/simulator/bounds.js';

function scenario(name: string): Scenario {
  return { name, title: '', description: '', subsystem: 's', config: {}, setup: {}, capabilities: null, steps: [], source: 'bundled' };
}

function step(operation: string, answer: string, held: readonly string[] = [], under = '', line = 1): Behaviour {
  return { operation, line, under, answer, held };
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

function result(name: string, behaviours: readonly Behaviour[], counterexamples: readonly Counterexample[] = []): SimulationResult {
  return {
    scenario: scenario(name),
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

describe('two runs of the same scenarios', () => {
  it('that do the same show no change', () => {
    const runs = [result('a', [step('open', '0', ['x: count 1'])])];
    expect(compareBehaviour(runs, runs)).toMatchObject({ changes: [], introduced: [], fixed: [], compared: 1, executions: 2 });
  });

  it('show another answer once, with the scenarios that it is in', () => {
    const before = ['a', 'b'].map((name) => result(name, [step('open(fd=bad)', '-EPERM')]));
    const after = ['a', 'b'].map((name) => result(name, [step('open(fd=bad)', '-EBADF')]));
    const { changes } = compareBehaviour(before, after);
    expect(changes).toEqual([
      {
        scenario: 'a',
        alsoIn: ['b'],
        operation: 'open(fd=bad)',
        under: '',
        before: { answer: '-EPERM', held: [] },
        after: { answer: '-EBADF', held: [] },
      },
    ]);
  });

  it('show a reference that stays behind where it comes about, and not again at each later step', () => {
    const before = [
      result('a', [step('close', '0', ['x: count 1'], '', 1), step('read', '1', ['x: count 1'], '', 2), step('end', '0', [], '', 3)]),
    ];
    const after = [
      result('a', [step('close', '0', ['x: count 2'], '', 1), step('read', '1', ['x: count 2'], '', 2), step('end', '0', [], '', 3)]),
    ];
    expect(compareBehaviour(before, after).changes.map(({ operation }) => operation)).toEqual(['close']);
  });

  it('show a change under a fault only where it is another one than without', () => {
    const fault = 'kmalloc() of step 1 fails';
    const before = [result('a', [step('open', '0'), step('open', '-ENOMEM', [], fault), step('open', '0', [], 'only before')])];
    const same = [result('a', [step('open', '1'), step('open', '-ENOMEM', [], fault), step('open', '1', [], 'only after')])];
    expect(compareBehaviour(before, same).changes.map(({ under }) => under)).toEqual(['']);
    const other = [result('a', [step('open', '0'), step('open', '-EIO', [], fault)])];
    expect(compareBehaviour(before, other).changes.map(({ under }) => under)).toEqual([fault]);
  });

  it('tell errors apart by what they are about, and take an unexpected answer for a change, not for an error', () => {
    const before = [result('a', [], [error('leak', 'old'), error('warning', 'both')])];
    const after = [result('a', [], [error('warning', 'both'), error('use-after-free', 'new'), error('wrong-result', 'answer')])];
    const { introduced, fixed } = compareBehaviour(before, after);
    expect(introduced.map(({ counterexample }) => counterexample.error.id)).toEqual(['new']);
    expect(fixed.map(({ counterexample }) => counterexample.error.id)).toEqual(['old']);
  });

  it('say what was not run and what was not finished', () => {
    const stopped = result('b', []);
    const ended = { ...stopped, bounds: { ...stopped.bounds, exhaustive: false, stopped: 'the time is up' } };
    const review = compareBehaviour([notRun('a'), ended], [notRun('a'), ended]);
    expect(review).toMatchObject({ compared: 1, notRun: [{ scenario: 'a', reason: 'this tree has no mount' }] });
    const text = formatBehaviour(review, { paint: plainPaint, all: false, replay: () => '' });
    expect(text).toContain('1 scenario not run: this tree has no mount');
    expect(text).toContain('1 scenario not exhaustive: the time is up');
    expect(behaviourSchema.parse(behaviourToJson(review, { all: false })).simulation.notExhaustive).toHaveLength(1);
    expect(behaviourToJson('left out', { all: false }).simulation.reason).toBe('left out');
  });
});
