// Errors that hang on an answer that was assumed say so, and no others do.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assumedText, type SimulationError } from '../../extension/model/simulation.js';
import { defaultBounds } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { valueOf } from '../support/result.js';
import { call, loaderOf, scenario, simulatorOf } from './small.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => {
  parser.dispose();
});

const frame = `
struct item { int number; struct item *next; };
static struct item *kept;
long teardown(void) { __model_end(); return 0; }
`;

/** The errors of one call of `go`, with one fault at most, and those found again by their replay. */
function errorsOf(go: string, setup = '', steps = [call('go')]): SimulationError[] {
  const text = `${frame}\nlong setup(void) { __model_begin(); ${setup} return 0; }\nlong go(void) { ${go} return 0; }\n`;
  const simulator = simulatorOf(loaderOf(parser), text, { go: 0 });
  const { counterexamples, reason } = simulator.run(scenario(...steps), { bounds: { ...defaultBounds, faults: 1 } });
  expect(reason).toBe(null);
  for (const each of counterexamples) {
    expect(valueOf(simulator.replay(each.scenario, each.schedule)).error.assumed).toEqual(each.error.assumed);
  }
  return counterexamples.map(({ error }) => error);
}

test('a callee of which nothing is known', () => {
  expect(errorsOf('struct item *item = find_somewhere(1); item->number = 1;')).toMatchObject([
    { kind: 'null-dereference', assumed: ['find_somewhere() taken to return 0'] },
  ]);
  expect(errorsOf('tidy_up(kept); if (!kept) BUG();')).toMatchObject([{ kind: 'bug', assumed: ['tidy_up() taken to return 0'] }]);
});

test('one that was called before, in the setup or by an earlier step', () => {
  expect(errorsOf('kept->number = 1;', 'kept = find_somewhere(1);')).toMatchObject([{ assumed: ['find_somewhere() taken to return 0'] }]);
  const steps = [call('go'), call('go')];
  expect(errorsOf('static int calls; if (calls++) BUG(); kept = find_somewhere(1);', '', steps)).toMatchObject([
    { kind: 'bug', assumed: ['find_somewhere() taken to return 0'] },
  ]);
});

test('not one that is only called on other paths, or later', () => {
  const errors = errorsOf(
    `struct item *item = kmalloc_obj(struct item);
     if (!item) { find_somewhere(1); BUG(); }
     kfree(item);
     WARN_ON(item != NULL);
     find_elsewhere(1);`,
  );
  expect(errors.map(({ kind, assumed }) => [kind, assumed])).toEqual([
    ['warning', undefined],
    ['bug', ['find_somewhere() taken to return 0']],
  ]);
});

test('a failing call that undoes its step, and is made again, is told once', () => {
  expect(errorsOf('kfree(kmalloc(UNKNOWN_BYTES + 8, GFP_KERNEL)); BUG();')).toMatchObject([
    { kind: 'bug', assumed: ['UNKNOWN_BYTES taken to be 0'] },
  ]);
});

test('variables, members and expressions that nothing defines', () => {
  expect(errorsOf('struct item *item = somewhere_else; item->number = 1;')).toMatchObject([{ assumed: ['somewhere_else taken to be 0'] }]);
  expect(errorsOf('BUG_ON(kmalloc(UNKNOWN_BYTES, GFP_ATOMIC) != NULL);')[0]?.assumed).toEqual(['UNKNOWN_BYTES taken to be 0']);
});

test('a name given to an unknown callee is no assumption besides it', () => {
  expect(errorsOf('struct item *item = SOME_CACHE(item, FLAGS); item->number = 1;')).toMatchObject([
    { assumed: ['SOME_CACHE() taken to return 0'] },
  ]);
});

test('what an unknown callee must return by its contract is something to follow, and its failure a fault', () => {
  const errors = errorsOf('int *all = vmap(NULL, 1, 0, 0); if (all) { *all = 1; BUG_ON(*all != 1); } else WARN_ON(1);');
  expect(errors).toMatchObject([{ kind: 'warning', assumed: ['vmap() taken to fail with 0'] }]);
});

test('what is known hangs on nothing', () => {
  expect(errorsOf('struct item *item = kzalloc_obj(struct item, GFP_KERNEL | __GFP_NOFAIL); kfree(item); item->number = 1;')).toMatchObject(
    [{ kind: 'use-after-free' }],
  );
  expect(errorsOf('BUG();')[0]).not.toHaveProperty('assumed');
});

test('is told of each run, whatever was run before', () => {
  const text = `${frame}
long setup(void) { __model_begin(); kept = find_somewhere(); return 0; }
long go(void) { return somewhere_else ? 1 : 2; }
long idle(void) { return 0; }
`;
  const simulator = simulatorOf(loaderOf(parser), text, { go: 0, idle: 0 });
  const assumedBy = (name: string): readonly string[] =>
    simulator
      .run(scenario(call(name)), { bounds: defaultBounds })
      .assumed.map((each) => each.name)
      .sort();
  expect(['go', 'go', 'idle'].map(assumedBy)).toEqual([
    ['find_somewhere', 'somewhere_else'],
    ['find_somewhere', 'somewhere_else'],
    ['find_somewhere'],
  ]);
});

test('is said in words', () => {
  const error: SimulationError = { kind: 'bug', id: 'bug', message: 'BUG()', at: null, related: [] };
  expect(assumedText(error)).toBe(null);
  expect(assumedText({ ...error, assumed: ['a() taken to return 0'] })).toBe('hangs on an assumed answer: a() taken to return 0');
  expect(assumedText({ ...error, assumed: ['a() taken to return 0', 'b taken to be 0'] })).toBe(
    'hangs on assumed answers: a() taken to return 0; b taken to be 0',
  );
});
