// Data races by the kernel's memory model: which pairs of accesses are told, and which are not.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProgramLoader } from '../../extension/program/load.js';
import { dataRaceText } from '../../extension/review/report/text/data-race-text.js';
import { defaultBounds } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
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

const shared = `
struct pair { int x, y; };
static int a;
static struct pair s, t;
static atomic_t n;
static DEFINE_SPINLOCK(lock);
static struct { unsigned int one : 4, other : 4; } f;
static struct work_struct work;
static void works(struct work_struct *unused) { a = 2; }
long setup(void) { INIT_WORK(&work, works); return 0; }
long teardown(void) { return 0; }
`;

/** What is told of two threads that run these beside each other, by the ends of the lines. */
function racesOf(one: string, two: string): readonly string[] {
  const text = `${shared}long one(void) { ${one} return 0; }\nlong two(void) { ${two} return 0; }\n`;
  const simulator = simulatorOf(loader, text, { one: 0, two: 0 });
  const result = simulator.run(scenario([[call('one')], [call('two')]]), { bounds: { ...defaultBounds, faults: 0 } });
  expect(result.bounds.exhaustive).toBe(true);
  return (result.dataRaces ?? []).map((race) => dataRaceText(race).replaceAll(/\S*:\d+ /g, ''));
}

test.each([
  ['two plain accesses, one a write', 'a = 1;', 'WARN_ON(a == 5);', ['a: one() writes it, plain; two() reads it, plain']],
  ['a plain write and a marked read', 'a = 1;', 'READ_ONCE(a);', ['a: one() writes it, plain; two() reads it, marked']],
  ['a marked write and a plain read', 'WRITE_ONCE(a, 1);', 'if (a) cpu_relax();', ['a: one() writes it, marked; two() reads it, plain']],
  ['members of a record that is copied', 's = t;', 's.y = 3;', ['s.y: one() writes it, plain; two() writes it, plain']],
  ['what memset() clears', 'memset(&s, 0, sizeof(s));', 'READ_ONCE(s.y);', ['s.y: one() writes it, plain; two() reads it, marked']],
  ['what memcpy() reads', 'memcpy(&t, &s, sizeof(s));', 'WRITE_ONCE(s.x, 1);', ['s.x: one() reads it, plain; two() writes it, marked']],
  [
    'a bit that is set without care',
    '__set_bit(0, (unsigned long *)&s);',
    'READ_ONCE(s.x);',
    ['s.x: one() writes it, plain; two() reads it, marked'],
  ],
  ['work beside a thread', 'schedule_work(&work);', 'READ_ONCE(a);', ['a: works() writes it, plain; two() reads it, marked']],
])('%s is told', (_what, one, two, told) => {
  expect(racesOf(one, two)).toEqual(told);
});

test.each([
  ['two marked accesses', 'WRITE_ONCE(a, 1);', 'READ_ONCE(a);'],
  ['two reads', 'if (a) cpu_relax();', 'if (a) cpu_relax();'],
  ['what a lock keeps apart', 'spin_lock(&lock); a = 1; spin_unlock(&lock);', 'spin_lock(&lock); a++; spin_unlock(&lock);'],
  ['other members of one record', 's.x = 1;', 's.y = 2;'],
  ['atomic operations', 'atomic_inc(&n);', 'atomic_dec(&n);'],
  ['a read that is said to race', 'WRITE_ONCE(a, 1);', 'if (data_race(a)) cpu_relax();'],
  ['what waits for work to end', 'schedule_work(&work); flush_work(&work); a = 1;', 'cpu_relax();'],
])('%s is not told', (_what, one, two) => {
  expect(racesOf(one, two)).toEqual([]);
});

test('a bit-field shares its unit with its neighbours', () => {
  expect(racesOf('f.one = 1;', 'f.other = 2;')).toHaveLength(2);
});
