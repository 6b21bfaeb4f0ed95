// What an error of a simulation says as text and as JSON.
import { describe, expect, test } from 'vitest';
import type { Counterexample } from '../../extension/model/simulation.js';
import { counterexampleSchema, counterexampleToJson } from '../../extension/review/report/json/simulation-json.js';
import { counterexampleLines } from '../../extension/review/report/text/simulation-text.js';
import { plainPaint } from '../../extension/review/report/text/terminal.js';

function found(assumed?: readonly string[]): Counterexample {
  return {
    error: { kind: 'bug', id: 'bug', message: 'BUG()', at: null, related: [], ...(assumed ? { assumed } : {}) },
    scenario: {
      name: 'a',
      title: '',
      description: '',
      subsystem: 's',
      config: {},
      setup: {},
      capabilities: null,
      steps: [],
      source: 'bundled',
    },
    faults: 0,
    preemptions: 0,
    schedule: 'straight',
    trace: { threads: ['main'], operations: [], steps: [], objects: [] },
  };
}

describe('an error that hangs on what was assumed', () => {
  const lines = (counterexample: Counterexample): string[] =>
    counterexampleLines(counterexample, 'a', { paint: plainPaint, all: false, replay: () => 'again' });

  test('says so in its text, after its message', () => {
    expect(lines(found(['find() taken to return 0'])).slice(0, 2)).toEqual([
      'at the end: error: BUG() [bug] (a)',
      'hangs on an assumed answer: find() taken to return 0',
    ]);
    expect(lines(found()).join('\n')).not.toContain('hangs on');
  });

  test('says so in its JSON', () => {
    const json = counterexampleSchema.parse(counterexampleToJson(found(['find() taken to return 0']), { all: false }));
    expect(json.error.assumed).toEqual(['find() taken to return 0']);
    expect(counterexampleToJson(found(), { all: false }).error).not.toHaveProperty('assumed');
  });
});
