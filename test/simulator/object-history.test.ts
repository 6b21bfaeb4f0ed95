// What explains an error: who took and dropped references rather than the helper that counts them, and the step that tells it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Counterexample, SimulationErrorKind } from '../../extension/model/simulation.js';
import { errorStep } from '../../extension/model/simulation.js';
import { defaultBounds } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { call, loaderOf, scenario, simulatorOf } from './small.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

const text = `
struct thing { refcount_t count; };
struct box { refcount_t count; struct thing *inside; };
static struct box *box;
static struct thing *get(struct thing *t) { refcount_inc(&t->count); return t; }
static void put(struct thing *t)
{
	if (refcount_dec_and_test(&t->count))
		kfree(t);
}
static struct thing *lookup(void) { struct thing *t = get(box->inside); return t; }
long make(void)
{
	struct thing *t = kzalloc(sizeof(*t), GFP_KERNEL);
	refcount_set(&t->count, 1);
	box->inside = t;
	return 0;
}
long use(void)
{
	struct thing *t = lookup();
	put(t);
	put(t);
	return 0;
}
long setup(void)
{
	__model_begin();
	box = kzalloc(sizeof(*box), GFP_KERNEL);
	refcount_set(&box->count, 1);
	return 0;
}
long teardown(void)
{
	if (box->inside)
		put(box->inside);
	kfree(box);
	__model_end();
	return 0;
}
`;

function found(kind: SimulationErrorKind): Counterexample {
  const simulator = simulatorOf(loaderOf(parser), text, { make: 0, use: 0 });
  const result = simulator.run(scenario(call('make'), call('use')), { bounds: { ...defaultBounds, faults: 0 } });
  return result.counterexamples.find(({ error }) => error.kind === kind)!;
}

describe('an error about an object', () => {
  test('names the places of those who took and dropped references', () => {
    const counts = found('dangling-reference').error.related.filter(({ message }) => message.startsWith('count'));
    expect(counts.map(({ at, message }) => `${message}, ${at.function}():${at.line}`)).toEqual([
      'count 1 → 2 by lookup(), use():21',
      'count 2 → 1 by put(), use():22',
      'count 1 → 0 by put(), use():23',
    ]);
  });

  test('is told at a step, also where the path goes on to another error', () => {
    const { error, trace } = found('dangling-reference');
    expect(trace.steps[errorStep(error, trace)!]!.text).toBe(error.message);
    expect(trace.steps.slice(error.step! + 1).some(({ kind }) => kind === 'error')).toBe(true);
  });

  test('is told at the last step that says so where a trace does not know', () => {
    const { trace } = found('dangling-reference');
    expect(trace.steps[errorStep(null, trace)!]!.kind).toBe('error');
    expect(errorStep(null, { ...trace, steps: [] })).toBeUndefined();
  });
});

test('a path knows where everything is torn down', () => {
  const { trace } = found('dangling-reference');
  expect(trace.steps[trace.teardown!]!.at!.function).toBe('teardown');
});
