import { describe, expect, test } from 'vitest';
import type { SimulationResult } from '../../extension/model/simulation.js';
import { formatSimulation } from '../../extension/review/report/text/simulation-text.js';
import { plainPaint } from '../../extension/review/report/text/terminal.js';
import { defaultBounds } from '../../extension/simulator/explore/bounds.js';

function result(name: string, reason: string | null = null): SimulationResult {
  return {
    scenario: { name, title: '', description: '', subsystem: 's', config: {}, setup: {}, capabilities: null, steps: [], source: 'bundled' },
    tree: 'tree',
    verdict: reason === null ? 'no error' : 'not run',
    reason,
    counterexamples: [],
    behaviours: [],
    assumed: [],
    stats: { executions: reason === null ? 3 : 0, states: 0, transitions: 0, pruned: 0, milliseconds: 0 },
    bounds: { ...defaultBounds, exhaustive: reason === null, stopped: reason },
  };
}

const lines = (results: readonly SimulationResult[]): string[] =>
  formatSimulation(results, { paint: plainPaint, all: false, replay: () => '' }).split('\n');

describe('scenarios that are not run', () => {
  test('for one reason are one line with their number', () => {
    const told = lines([result('a'), result('b', 'this tree has no mount'), result('c'), result('d', 'this tree has no mount')]);
    expect(told.slice(0, 4)).toEqual([
      'a: no error (3 executions)',
      'c: no error (3 executions)',
      '2 scenarios not run: this tree has no mount',
      '',
    ]);
  });

  test('are named where the reason is about one alone', () => {
    const told = lines([result('a', 'no operation is called that'), result('b', 'this tree has no mount')]);
    expect(told.slice(0, 3)).toEqual(['a: not run: no operation is called that', 'b: not run: this tree has no mount', '']);
  });
});

describe('a verdict', () => {
  const verdict = (results: readonly SimulationResult[], interrupted?: { readonly of: number; readonly more: boolean }): string[] =>
    formatSimulation(results, { paint: plainPaint, all: false, replay: () => '', ...(interrupted ? { interrupted } : {}) })
      .trimEnd()
      .split('\n')
      .slice(-2);

  test('says how many were run where the user had enough, and is not exhaustive', () => {
    const cut = { ...result('b'), bounds: { ...defaultBounds, exhaustive: false, stopped: 'cancelled' } };
    const [first, second] = verdict([result('a'), cut, result('c', 'cancelled')], { of: 653, more: false });
    expect(first).toBe('interrupted: 1 of 653 run; nothing found until then');
    expect(second).toContain('1 of 2 not exhaustive');
    expect(verdict([result('a')], { of: 20_000, more: true })[0]).toMatch(/^interrupted: 1 of more than 20000 run/);
    expect(verdict([result('a')], { of: 2, more: false })[1]).toMatch(/; not exhaustive within /);
  });

  test('names functions that were come to and are not analysed', () => {
    const unread = { ...result('b', 'get() is not analysed: x.c, line 1: expected ;'), unread: ['get'] };
    expect(verdict([unread])[0]).toBe('nothing was run, not analysed: get()');
    expect(verdict([result('a'), unread])[0]).toBe('no error in what was run, not analysed: get()');
    expect(verdict([unread])[1]).toMatch(/; not exhaustive within /);
  });
});
