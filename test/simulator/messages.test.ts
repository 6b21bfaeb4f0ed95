// What the simulator says of code is the code as it is written, also where a part of it has no name.
import { afterAll, beforeAll, expect, test } from 'vitest';
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

const frame = `
#define TWICE(x) ({ int t_ = (x); t_ + t_; })
#define EXPECT(x) WARN_ON(!(x))
struct ops { int (*call)(int); };
struct thing { refcount_t count; int flag; struct ops *ops; };
static struct ops none;
static struct thing thing = { .count = REFCOUNT_INIT(2), .ops = &none };
static struct thing *get(int x) { return &thing; }
static int next(int x) { return x + 1; }
static int unset(int x) { int y; if (x < 0) y = 1; return y; }
long setup(void) { __model_begin(); return 0; }
long teardown(void) { __model_end(); return 0; }
`;

test.each([
  ['WARN_ON_ONCE(refcount_read(&thing.count) != 1);', 'WARN_ON_ONCE(refcount_read(&thing.count) != 1)'],
  ['WARN_ON(next(1) + (next(2) ? next(3) : 4) > 2);', 'WARN_ON(next(1) + (next(2) ? next(3) : 4) > 2)'],
  ['WARN_ON(next(1) &&\n\tnext(2));', 'WARN_ON(next(1) && next(2))'],
  ['WARN_ON(TWICE(next(1)) == 4);', 'WARN_ON(TWICE(next(1)) == 4)'],
  ['EXPECT(next(1) == 1);', 'WARN_ON(EXPECT(next(1) == 1))'],
  ['if (WARN_ON(!get(1)->flag)) return 1;', 'WARN_ON(!get(1)->flag)'],
  ['WARN(next(1) != 1, "%1 is not so");', 'WARN(next(1) != 1): %1 is not so'],
  ['int two = 2; WARN_ON(two > 1 && thing.flag == 0);', 'WARN_ON(two > 1 && thing.flag == 0)'],
  ['if (unset(1) > next(2)) return 1;', "a branch depends on 'unset(1) > next(2)', which has no value yet"],
  ['switch (unset(1)) { case 1: return 1; }', "a switch depends on 'unset(1)', which has no value yet"],
  ['return next(1) / next(-1);', "division by zero in 'next(1) / next(-1)'"],
  ['return get(1)->ops->call(next(1));', "calls 'get(1)->ops->call', which is NULL"],
  // What has names reads as it is understood.
  ['int two = 2; WARN_ON((two) > (1));', 'WARN_ON(two > 1)'],
])('%s', (body, message) => {
  const simulator = simulatorOf(loaderOf(parser), `${frame}\nlong go(void) { ${body} return 0; }\n`, { go: 0 });
  const { counterexamples, reason } = simulator.run(scenario(call('go')), { bounds: { ...defaultBounds, faults: 0 } });
  expect(reason).toBe(null);
  expect(counterexamples.map(({ error }) => error.message)).toEqual([message]);
});

test('a number that no pointer can be is a number, also where something has that address', () => {
  const text = `${frame}\nlong go(void) { thing.flag = 0x1000003; WARN_ON(1); return 0; }\n`;
  const simulator = simulatorOf(loaderOf(parser), text, { go: 0 });
  const { counterexamples } = simulator.run(scenario(call('go')), { bounds: { ...defaultBounds, faults: 0 } });
  const changes = counterexamples.flatMap(({ trace }) => trace.steps.flatMap((step) => step.changes));
  expect(changes.filter(({ field }) => field === 'flag')).toMatchObject([{ before: '0', after: '16777219' }]);
});
