// The exploration: known errors are found and nothing else is, reduced as well as without reduction, shortest first.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scenario } from '../../extension/model/scenario.js';
import type { SimulationResult } from '../../extension/model/simulation.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import { defaultBounds, type RunOptions, type Simulator } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { valueOf } from '../support/result.js';
import { knownPrograms } from './explore-programs.js';
import { call, loaderOf, scenario, simulatorOf } from './small.js';
import { actions, answersOf, metBy, threads, waitingActions } from './thread-actions.js';

let parser: SyntaxParser;
let loader: ProgramLoader;
beforeAll(async () => {
  parser = await createParser();
  loader = loaderOf(parser);
});
afterAll(() => {
  parser.dispose();
});

function run(simulator: Simulator, what: Scenario, options: Partial<RunOptions> = {}): SimulationResult {
  const result = simulator.run(what, { bounds: defaultBounds, ...options });
  expect(result.reason).toBe(null);
  if (!options.first) expect(result.bounds.stopped).toBe(null);
  return result;
}

function ids(result: SimulationResult): string[] {
  return result.counterexamples.map(({ error }) => error.id).sort();
}

/** Each counterexample is told again as it was by its schedule. */
function expectReplays(simulator: Simulator, result: SimulationResult): void {
  for (const { scenario: shrunk, schedule, trace } of result.counterexamples) {
    const again = valueOf(simulator.replay(shrunk, schedule));
    expect(again.trace, schedule).toEqual(trace);
    expect(again.trace.steps.some(({ kind }) => kind === 'error' || kind === 'warning')).toBe(true);
  }
}

describe('a small program', () => {
  for (const { title, error, text, parallel } of knownPrograms)
    test(`${error === null ? 'is right' : `has ${error}`}: ${title}`, () => {
      const drivers = /\btwo\(/.test(text) ? ['one', 'two'] : ['one'];
      const simulator = simulatorOf(loader, text, Object.fromEntries(drivers.map((name) => [name, 0])));
      const calls = drivers.map((name) => call(name));
      const result = run(simulator, parallel ? scenario(calls.map((each) => [each])) : scenario(...calls));
      const kinds = [...new Set(result.counterexamples.map((each) => each.error.kind))];
      const told = result.counterexamples.map((each) => each.error.message).join('; ');
      if (error === null) expect(kinds, told).toEqual([]);
      else expect(kinds, told).toContain(error);
      expect(result.assumed).toEqual([]);
      expectReplays(simulator, result);
    });

  test('has a wrong result where its scenario says what is right', () => {
    const simulator = simulatorOf(
      loader,
      'long setup(void) { return 0; } long teardown(void) { return 0; } long one(long n) { return n * 2; }',
      { one: 1 },
    );
    expect(run(simulator, scenario(call('one', [4], 8))).counterexamples).toEqual([]);
    const wrong = run(simulator, scenario(call('one', [1], 2), call('one', [4], 9), call('one', [2], 4)));
    expect(wrong.counterexamples.map(({ error }) => error.kind)).toEqual(['wrong-result']);
    expect(wrong.counterexamples[0]?.trace.operations.map(({ text, answer }) => `${text} ${answer ?? ''}`)).toEqual(['one(p0=4) 8']);
  });

  test('is shown with fewest faults and preemptions', () => {
    const text = `static int x, y; long setup(void) { return 0; } long teardown(void) { return 0; }
long one(void) { x = 1; y = 1; x = 2; return 0; }
long two(void) { int a = x; WARN_ON(a == 1 && y == 1); return 0; }
long fails(void) { void *p = kmalloc(1, GFP_KERNEL); void *q = kmalloc(1, GFP_KERNEL); WARN_ON(!p && !q); kfree(p); kfree(q); return 0; }`;
    const simulator = simulatorOf(loader, text, { one: 0, two: 0, fails: 0 });
    const [raced] = run(simulator, scenario([[call('one')], [call('two')]])).counterexamples;
    expect(raced).toMatchObject({ faults: 0, preemptions: 1 });
    const bounds = { ...defaultBounds, faults: 2 };
    expect(run(simulator, scenario(call('fails'))).counterexamples).toEqual([]);
    expect(run(simulator, scenario(call('fails')), { bounds }).counterexamples[0]).toMatchObject({ faults: 2, preemptions: 0 });
  });

  test('stops where it is told to and keeps what it found', () => {
    const text = `static int x; long setup(void) { return 0; } long teardown(void) { return 0; }
long one(void) { x++; x++; WARN_ON(x == 3); x++; return 0; }`;
    const simulator = simulatorOf(loader, text, { one: 0 });
    const both = scenario([[call('one')], [call('one')], [call('one')]]);
    const few = simulator.run(both, { bounds: { ...defaultBounds, executions: 2 } });
    expect(few.bounds.stopped).toContain('2 paths');
    expect(few.bounds.exhaustive).toBe(false);
    expect(simulator.run(both, { bounds: defaultBounds, cancelled: () => true }).bounds.stopped).toBe('cancelled');
    expect(simulator.run(scenario(call('two')), { bounds: defaultBounds })).toMatchObject({ verdict: 'not run' });
  });
});

// ---- against a search without reduction ------------------------------------------------------------------------------

const thread = fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 4 });

describe('threads made up at random', () => {
  test('have the same errors when a pass is begun anew before its end', () => {
    const text = `static int x, y; long setup(void) { return 0; } long teardown(void) { return 0; }
long early(long n) { void *p = kmalloc(8, GFP_KERNEL); WARN_ON(!p && n == 1); kfree(p); return 0; }
long one(void) { void *p = kmalloc(8, GFP_KERNEL); if (!p) { x = 1; y = 1; x = 2; return -12; } kfree(p); return 0; }
long two(void) { int a = x; WARN_ON(a == 1 && y == 1); return 0; }
long late(void) { void *p = kmalloc(8, GFP_KERNEL); WARN_ON(!p && x == 2); kfree(p); return 0; }`;
    const simulator = simulatorOf(loader, text, { early: 1, one: 0, two: 0, late: 0 });
    for (const n of [0, 1]) {
      // That two threads meet is found where one of them fails, before it is known what follows where the first call does.
      const all = scenario(call('early', [n]), [[call('one')], [call('two')]], call('late'));
      const bounds = { ...defaultBounds, faults: 2 };
      const whole = run(simulator, all, { bounds, quiet: Infinity, outcomes: true });
      expect(ids(whole).length).toBe(n + 2);
      for (const quiet of [1, 5, 20, 60]) {
        const hasty = run(simulator, all, { bounds, quiet, outcomes: true });
        expect(ids(hasty)).toEqual(ids(whole));
        expect(hasty.bounds.exhaustive).toBe(true);
        const answers = ({ outcomes = [] }: typeof whole): string[] => outcomes.map((each) => each.answers.join()).sort();
        expect(answers(hasty)).toEqual(answers(whole));
      }
    }
  });

  test('have the same errors with and without reduction, none of them told with more than it takes', () => {
    const simulator = simulatorOf(loader, actions, { run: 4 });
    let errors = 0;
    fc.assert(
      fc.property(thread, thread, (one, two) => {
        const both = scenario([[call('run', one)], [call('run', two)]]);
        const bounds = { ...defaultBounds, faults: 0, executions: 1e6 };
        const reduced = run(simulator, both, { bounds, quiet: 5 });
        const whole = run(simulator, both, { bounds, unreduced: true });
        expect(ids(reduced)).toEqual(ids(whole));
        expectReplays(simulator, reduced);
        errors += reduced.counterexamples.length;
        for (const { error, preemptions } of reduced.counterexamples) {
          const least = whole.counterexamples.find((each) => each.error.id === error.id)?.preemptions;
          expect(preemptions).toBe(least);
        }
      }),
      { numRuns: 400 },
    );
    expect(errors).toBeGreaterThan(0);
  });

  test('have the same errors and answers with and without reduction, where calls fail, threads wait and there are three', () => {
    const simulator = simulatorOf(loader, waitingActions, { run: 4 });
    const sum = { compared: 0, errors: 0, answers: 0 };
    fc.assert(
      fc.property(fc.oneof(threads(2, 4), threads(3, 2)), fc.integer({ min: 0, max: 2 }), (all, faults) => {
        const what = scenario(all.map((each) => [call('run', each)]));
        const options = { bounds: { ...defaultBounds, faults, executions: 20_000 }, counterexamples: false, outcomes: true };
        const whole = simulator.run(what, { ...options, unreduced: true });
        if (!whole.bounds.exhaustive) return;
        for (const quiet of [3, Infinity]) {
          const reduced = run(simulator, what, { ...options, quiet });
          expect(metBy(reduced)).toEqual(metBy(whole));
          expect(answersOf(reduced)).toEqual(answersOf(whole));
        }
        sum.compared++;
        sum.errors += metBy(whole).length;
        sum.answers += answersOf(whole).length;
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 150), seed: Number(process.env.FC_SEED ?? 1) },
    );
    expect(sum.compared).toBeGreaterThan(50);
    expect(sum.errors).toBeGreaterThan(10);
    expect(sum.answers).toBeGreaterThan(100);
  });
});
