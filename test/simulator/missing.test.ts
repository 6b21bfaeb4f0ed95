// Steps that refer to what earlier ones did not give: left out and said so, or gone on with as the vocabulary says.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Expectation, OperationStep } from '../../extension/model/scenario.js';
import { underText, type SimulationResult } from '../../extension/model/simulation.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import { defaultBounds, type Simulator } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { valueOf } from '../support/result.js';
import { call, loaderOf, scenario, simulatorOf } from './small.js';

let parser: SyntaxParser;
let loader: ProgramLoader;
let on: Simulator;
beforeAll(async () => {
  parser = await createParser();
  loader = loaderOf(parser);
  on = simulatorOf(
    loader,
    `static atomic_t taken, ids;
long setup(void) { return 0; }
long teardown(void) { return 0; }
long give(long good)
{
	void *p = kmalloc(8, GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	kfree(p);
	return good ? atomic_inc_return(&ids) : -EBADF;
}
long use(long id) { return id == 99 ? -EIO : id; }
long take(void)
{
	return atomic_inc_return(&taken) == 1 ? 7 : -EBUSY;
}
long read(long fd) { return 4096; }`,
    { give: 1, use: 1, take: 0, read: 1 },
    {
      give: { answers: 'id' },
      use: { takes: 'id', onFailure: 99, answers: 'file', opaque: true },
      take: { answers: 'file', opaque: true },
      read: { takes: 'file' },
    },
  );
});
afterAll(() => {
  parser.dispose();
});

const named = (step: OperationStep, as: string): OperationStep => ({ ...step, as });
const of = (operation: string, name: string, expected: Expectation | null = null): OperationStep => ({
  ...call(operation),
  arguments: { p0: name },
  expect: expected,
});

type Steps = readonly (OperationStep | readonly (readonly OperationStep[])[])[];

function run(faults: number, ...steps: Steps): SimulationResult {
  const result = on.run(scenario(...steps), { bounds: { ...defaultBounds, faults } });
  expect(result.reason).toBe(null);
  return result;
}

const messages = ({ counterexamples }: SimulationResult): string[] => counterexamples.map(({ error }) => error.message);

describe('a step that refers to what failed', () => {
  const failing = named(call('give', [0]), 'id');

  test('goes on with the number of the vocabulary', () => {
    const result = run(0, failing, of('use', 'id', { kind: 'errno', names: ['EIO'] }));
    expect(result.verdict).toBe('no error');
    expect(result.missing).toEqual([
      { operation: 'use(p0=id)', line: 0, refersTo: 'give(p0=0)', answered: '-EBADF', instead: 99, always: true },
    ]);
    expect(result.behaviours.map(({ operation, answer }) => [operation, answer])).toEqual([
      ['give(p0=0)', '-EBADF'],
      ['use(p0=id)', '-EIO'],
    ]);
  });

  test('is left out where there is no such number, and that is said of each', () => {
    const result = run(0, failing, named(of('use', 'id'), 'file'), named(of('read', 'file'), 'data'));
    expect(result.verdict).toBe('no error');
    expect(result.missing?.filter(({ instead }) => instead === null)).toEqual([
      { operation: 'read(p0=file)', line: 0, refersTo: 'use(p0=id)', answered: '-EIO', instead: null, always: true },
    ]);
  });

  test('is left out where an answer is expected of it, and that is an error', () => {
    const page: Expectation = { kind: 'value', value: 4096 };
    const result = run(0, failing, named(of('use', 'id'), 'file'), of('read', 'file', page));
    expect(messages(result)).toEqual(['read(p0=file) is left out, as use(p0=id) answers -EIO; 4096 is expected']);
    const [found] = result.counterexamples;
    expect(found?.error.kind).toBe('wrong-result');
    expect(found?.trace.missing?.map(({ operation, instead }) => [operation, instead])).toEqual([
      ['use(p0=id)', 99],
      ['read(p0=file)', null],
    ]);
    expect(on.replay(found?.scenario ?? expect.fail(), found?.schedule ?? '')).toMatchObject({
      value: { error: { message: messages(result)[0] } },
    });
  });

  test('is left out without an error where it is expected to fail, or may', () => {
    const may: Expectation = {
      kind: 'any',
      of: [
        { kind: 'value', value: 4096 },
        { kind: 'errno', names: ['EBADF'] },
      ],
    };
    for (const expected of [may, { kind: 'errno', names: ['EBADF'] } as const])
      expect(messages(run(0, failing, named(of('use', 'id'), 'file'), of('read', 'file', expected)))).toEqual([]);
  });

  test('is no news where the failure was injected: it is left out, whatever is expected', () => {
    const result = run(1, named(call('give', [1]), 'id'), of('use', 'id', { kind: 'ok' }));
    expect(result.verdict).toBe('no error');
    expect(result.missing).toBeUndefined();
    expect(result.behaviours.map(({ operation, faults }) => [operation, underText(faults)])).toEqual([
      ['give(p0=1)', ''],
      ['use(p0=id)', ''],
      ['give(p0=1)', 'kmalloc() of step 1 fails'],
    ]);
  });

  test('is told apart where only some orders of threads leave it out', () => {
    const result = run(0, [[named(call('take'), 'a'), of('read', 'a')], [call('take')]]);
    expect(result.missing).toMatchObject([{ operation: 'read(p0=a)', answered: '-EBUSY', instead: null, always: false }]);
  });
});

describe('combinations of answers', () => {
  const both = [[named(call('take'), 'a'), of('read', 'a')], [named(call('take'), 'b')]];

  test('are what operations answer in all orders, with an order that gives each', () => {
    const result = run(1, both);
    const { combinations } = result;
    expect(combinations?.exhaustive).toBe(true);
    expect(combinations?.operations).toEqual([
      { text: 'take', thread: 1 },
      { text: 'read(p0=a)', thread: 1 },
      { text: 'take', thread: 2 },
    ]);
    expect(combinations?.differing).toEqual([0, 2]);
    expect(combinations?.each.map(({ answers }) => answers)).toEqual([
      ['ok', '4096', '-EBUSY'],
      ['-EBUSY', 'left out', 'ok'],
    ]);
    for (const { answers, schedule } of combinations?.each ?? []) {
      const trace = valueOf(on.trace(scenario(both), schedule));
      const given = trace.operations.filter(({ text }) => text === 'take').sort((one, other) => one.thread - other.thread);
      expect(given.map(({ answer }) => (answer === '-EBUSY' ? answer : 'ok'))).toEqual([answers[0], answers[2]]);
    }
  });

  test('are no other ones where ids are handed out in another order, unless the scenario names one', () => {
    const give = call('give', [1]);
    expect(run(1, [[give], [give]]).combinations).toMatchObject({ differing: [], each: [{ answers: ['1', '2'] }] });
    const naming = run(0, [[give], [give]], { ...call('use'), arguments: { p0: 1 } });
    expect(naming.combinations?.differing).toEqual([0, 1]);
    expect(naming.combinations?.each.map(({ answers }) => answers)).toEqual([
      ['1', '2', 'ok'],
      ['2', '1', 'ok'],
    ]);
  });

  test('are all there where what is tried with faults meets a bound', () => {
    const give = named(call('give', [1]), 'id');
    const many = scenario([[named(call('take'), 'a')], [call('take'), give, give]]);
    const whole = on.run(many, { bounds: { ...defaultBounds, faults: 0 } });
    const some = on.run(many, { bounds: { ...defaultBounds, faults: 2, executions: whole.stats.executions + 2 } });
    expect(some.bounds.exhaustive).toBe(false);
    expect(some.combinations).toEqual({ ...whole.combinations, exhaustive: true });
    const few = on.run(many, { bounds: { ...defaultBounds, faults: 0, executions: 1 } });
    expect(few.combinations).toMatchObject({ exhaustive: false });
    expect(few.combinations?.each).toHaveLength(1);
  });

  test('are told of scenarios with parallel steps only', () => {
    expect(run(0, call('take')).combinations).toBeUndefined();
    expect(run(0, [[call('take')], [call('take')]]).outcomes).toBeUndefined();
  });
});
