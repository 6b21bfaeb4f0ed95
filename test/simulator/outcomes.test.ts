// What operations answer together: the same with and without reduction, each with a schedule that leads there.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scenario } from '../../extension/model/scenario.js';
import type { SimulatedOutcome } from '../../extension/model/simulation.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import { errnoText } from '../../extension/scenario/errno.js';
import { defaultBounds, type Simulator } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { valueOf } from '../support/result.js';
import { call, loaderOf, scenario, simulatorOf } from './small.js';

let parser: SyntaxParser;
let loader: ProgramLoader;
beforeAll(async () => {
  parser = await createParser();
  loader = loaderOf(parser);
});
afterAll(() => {
  parser.dispose();
});

function outcomes(on: Simulator, what: Scenario, faults: number, unreduced = false): readonly SimulatedOutcome[] {
  const result = on.run(what, { bounds: { ...defaultBounds, faults, executions: 1e6 }, outcomes: true, behaviours: false, unreduced });
  expect(result.reason).toBe(null);
  expect(result.bounds.stopped).toBe(null);
  return result.outcomes ?? expect.fail('no outcomes');
}

function words({ faults, answers, ended }: SimulatedOutcome): string {
  const failed = faults.map(({ operation, name, at }) => `${operation} ${name} ${at.line}`).join();
  return `${failed}: ${answers.join()} ${ended ?? ''}`;
}

const told = (list: readonly SimulatedOutcome[]): string[] => [...new Set(list.map(words))].sort();

/** Following the schedule gives the same answers. */
function expectSchedules(on: Simulator, what: Scenario, list: readonly SimulatedOutcome[]): void {
  for (const { answers, schedule } of list) {
    const trace = valueOf(on.trace(what, schedule));
    const given = trace.operations.map(({ answer }) => answer).sort();
    expect(given, schedule).toEqual(answers.map((each) => (each === null ? null : errnoText(each))).sort());
  }
}

const frame = 'long setup(void) { return 0; }\nlong teardown(void) { return 0; }\n';

describe('outcomes', () => {
  test('are what is answered under each fault, with the place of the call', () => {
    const text = `${frame}static long n;
long one(void)
{
	void *p = kmalloc(8,
			  GFP_KERNEL);
	void *q = kzalloc(8, GFP_KERNEL);
	long answer = p && q ? ++n : -ENOMEM;
	kfree(p);
	kfree(q);
	return answer;
}`;
    const on = simulatorOf(loader, text, { one: 0 });
    const list = outcomes(on, scenario(call('one'), call('one')), 1);
    expect(
      list.map(({ faults, answers }) => [faults.map((each) => [each.operation, each.nth, each.at.line, each.lastLine]), answers]),
    ).toEqual([
      [[], [1, 2]],
      [[[1, 2, 8, 8]], [1, -12]],
      [[[1, 1, 6, 7]], [1, -12]],
      [[[0, 2, 8, 8]], [-12, 1]],
      [[[0, 1, 6, 7]], [-12, 1]],
    ]);
    expect(list[2]?.faults[0]).toMatchObject({ name: 'kmalloc', at: { file: 'fs/test/test.c', function: 'one' } });
    expectSchedules(on, scenario(call('one'), call('one')), list);
  });

  test('are those of all orders of threads, in their combinations', () => {
    const text = `${frame}static atomic_t n; long one(void) { return atomic_inc_return(&n); } long two(void) { return atomic_read(&n); }`;
    const on = simulatorOf(loader, text, { one: 0, two: 0 });
    const both = scenario([[call('one'), call('one')], [call('two')]]);
    const list = outcomes(on, both, 0);
    expect(told(list)).toEqual([': 1,2,0 ', ': 1,2,1 ', ': 1,2,2 ']);
    expectSchedules(on, both, list);
  });

  test('say where a path ends before its operations do, and not where it ends in the teardown', () => {
    const text =
      'long setup(void) { return 0; }\nlong teardown(void) { int *p = NULL; return *p; }\nlong one(void) { return 1; }\nlong two(void) { int *p = NULL; return *p; }';
    const on = simulatorOf(loader, text, { one: 0, two: 0 });
    expect(outcomes(on, scenario(call('one')), 0)).toMatchObject([{ answers: [1], ended: null }]);
    const [ended] = outcomes(on, scenario(call('one'), call('two'), call('one')), 0);
    expect(ended).toMatchObject({ answers: [1, null, null] });
    expect(ended?.ended).toContain('NULL');
  });

  test('are left out where nobody asks for them', () => {
    const on = simulatorOf(loader, `${frame}long one(void) { return 1; }`, { one: 0 });
    expect(on.run(scenario(call('one')), { bounds: defaultBounds }).outcomes).toBeUndefined();
  });
});

/** What a driver does, a number for each; what it saw of the others is what it answers. */
const actions = `
static DEFINE_SPINLOCK(lock);
static long x, y;
long setup(void) { x = y = 0; return 0; }
long teardown(void) { return 0; }
long run(long n0, long n1, long n2)
{
	long list[3] = { n0, n1, n2 };
	long seen = 0;
	for (int i = 0; i < 3; i++)
		switch (list[i]) {
		case 1: seen = seen * 10 + x; break;
		case 2: x = x + 1; break;
		case 3: spin_lock(&lock); y = y + 1; spin_unlock(&lock); break;
		case 4: spin_lock(&lock); seen = seen * 10 + y; spin_unlock(&lock); break;
		case 5: if (__sim_fails("a")) return -ENOMEM; break;
		case 6: if (__sim_fails("b")) return -ENOMEM; break;
		case 7: if (x && __sim_fails("c")) y = y + 5; break;
		case 8: if (__sim_fails("d")) seen = seen + 7; break;
		}
	return seen;
}`;

const driver = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 });

describe('outcomes of programs made up at random', () => {
  test('are the same with and without reduction', { timeout: 120_000 }, () => {
    const on = simulatorOf(loader, actions, { run: 3 });
    let most = 0;
    fc.assert(
      fc.property(driver, driver, driver, fc.integer({ min: 0, max: 1 }), (one, two, last, faults) => {
        const what = scenario([[call('run', one)], [call('run', two)]], call('run', last));
        const reduced = outcomes(on, what, faults);
        expect(told(reduced)).toEqual(told(outcomes(on, what, faults, true)));
        expectSchedules(on, what, reduced);
        most = Math.max(most, reduced.length);
      }),
      { numRuns: 150 },
    );
    expect(most).toBeGreaterThan(3);
  });
});
