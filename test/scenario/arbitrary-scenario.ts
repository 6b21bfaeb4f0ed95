// Scenarios of the toy vocabulary, of all shapes that a file can give.
import fc from 'fast-check';
import type { Expectation, ExpectedAnswer, OperationStep, Scenario, ScenarioStep, ScenarioValue } from '../../extension/model/scenario.js';

const capabilitiesArbitrary = fc.option(fc.subarray(['CAP_SYS_ADMIN', 'CAP_DAC_OVERRIDE']));
const errorNames = ['EBUSY', 'ENOENT', 'EINVAL'];
const answerArbitrary: fc.Arbitrary<ExpectedAnswer> = fc.oneof(
  fc.constant<ExpectedAnswer>({ kind: 'ok' }),
  fc.integer().map((value): ExpectedAnswer => ({ kind: 'value', value })),
  fc.constantFrom(...errorNames).map((name): ExpectedAnswer => ({ kind: 'errno', names: [name] })),
);
const expectArbitrary: fc.Arbitrary<Expectation | null> = fc.option(
  fc.oneof(
    answerArbitrary,
    fc.subarray(errorNames, { minLength: 1 }).map((names): Expectation => ({ kind: 'errno', names })),
    fc
      .uniqueArray(answerArbitrary, { minLength: 2, maxLength: 4, selector: (answer) => JSON.stringify(answer) })
      .filter((answers) => answers.some(({ kind }) => kind !== 'errno'))
      .map((of): Expectation => ({ kind: 'any', of })),
  ),
);

const maybe = (name: string, value: fc.Arbitrary<ScenarioValue>): fc.Arbitrary<Record<string, ScenarioValue>> =>
  fc.oneof(
    fc.constant({}),
    value.map((each) => ({ [name]: each })),
  );
const together = (...parts: fc.Arbitrary<Record<string, ScenarioValue>>[]): fc.Arbitrary<Record<string, ScenarioValue>> =>
  fc.tuple(...parts).map((each) => Object.assign({}, ...each) as Record<string, ScenarioValue>);

/** A step before its references are bound: `pick` chooses among the names known by then. */
interface Draft {
  readonly operation: string;
  readonly arguments: Record<string, ScenarioValue>;
  readonly reference: { readonly name: string; readonly required: boolean } | null;
  readonly pick: number;
  readonly named: boolean;
  readonly capabilities: readonly string[] | null;
  readonly expect: Expectation | null;
}

const draftArbitrary: fc.Arbitrary<Draft> = fc
  .oneof(
    together(
      maybe('fd', fc.constantFrom('regular', 'directory', 'bad')),
      maybe('flags', fc.subarray(['ONE', 'TWO'])),
      maybe('retry', fc.boolean()),
    ).map((each) => ({ operation: 'backing-open', arguments: each, reference: null })),
    fc.integer({ min: 1, max: 4 }).map((inode) => ({
      operation: 'open',
      arguments: { inode },
      reference: { name: 'backing', required: false },
    })),
    fc.constant({ operation: 'backing-close', arguments: {}, reference: { name: 'id', required: true } }),
    fc.constant({ operation: 'grace-period', arguments: {}, reference: null }),
  )
  .chain((draft) =>
    fc
      .record({ pick: fc.nat(7), named: fc.boolean(), capabilities: capabilitiesArbitrary, expect: expectArbitrary })
      .map((rest) => ({ ...draft, ...rest })),
  );

/** Binds references and gives names; lines are 0. */
class Binder {
  private count = 0;

  step(draft: Draft, scope: string[]): OperationStep {
    const { operation, reference, pick, capabilities, expect } = draft;
    const values = { ...draft.arguments };
    if (reference !== null && (reference.required || pick > 1)) values[reference.name] = scope[pick % (scope.length + 1)] ?? pick;
    const answers = operation === 'backing-open' || operation === 'open';
    const as = answers && draft.named ? `${operation}_${++this.count}` : null;
    if (as !== null && operation === 'backing-open') scope.push(as);
    return { kind: 'operation', operation, arguments: values, as, capabilities, expect, line: 0 };
  }

  steps(drafts: readonly (Draft | readonly (readonly Draft[])[])[]): ScenarioStep[] {
    const scope: string[] = [];
    return drafts.map((draft) => {
      if ('operation' in draft) return this.step(draft, scope);
      const before = [...scope];
      const branches = draft.map((branch) => {
        const inside = [...before];
        const steps = branch.map((each) => this.step(each, inside));
        scope.push(...inside.slice(before.length));
        return steps;
      });
      return { kind: 'parallel', branches, line: 0 };
    });
  }
}

export const scenarioArbitrary: fc.Arbitrary<Scenario> = fc
  .record({
    name: fc.stringMatching(/^[a-z0-9]{1,5}(-[a-z0-9]{1,4}){0,2}$/),
    title: fc.string({ minLength: 1, unit: 'grapheme' }),
    description: fc.string({ unit: 'grapheme' }),
    config: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z_0-9]{0,9}$/), fc.boolean(), { maxKeys: 3 }),
    setup: together(maybe('max-stack-depth', fc.integer({ min: 0, max: 2 }))),
    capabilities: capabilitiesArbitrary,
    drafts: fc.array(
      fc.oneof(
        { weight: 4, arbitrary: draftArbitrary },
        {
          weight: 1,
          arbitrary: fc.array(fc.array(draftArbitrary, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        },
      ),
      { maxLength: 6 },
    ),
  })
  .map(({ drafts, ...rest }) => ({ ...rest, subsystem: 'fuse-backing', steps: new Binder().steps(drafts), source: 'test' }));

/** The scenario with all lines 0, to be compared with one that no file has. */
export function withoutLines(scenario: Scenario): Scenario {
  const steps = scenario.steps.map((step): ScenarioStep => {
    if (step.kind === 'operation') return { ...step, line: 0 };
    return { ...step, line: 0, branches: step.branches.map((branch) => branch.map((each) => ({ ...each, line: 0 }))) };
  });
  return { ...scenario, steps };
}
