// A review with runs in the formats for programs: nothing of it is missing, and all say the same of what belongs together.
import { ok } from '../../extension/model/result.js';
import { join } from 'node:path';
import type { ReportingDescriptor, Result } from 'sarif';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorsIn, underText } from '../../extension/model/simulation.js';
import { behaviourToJson, type JsonBehaviour } from '../../extension/review/report/json/behaviour-json.js';
import { reviewToJson, type JsonResult } from '../../extension/review/report/json/json.js';
import { reviewToSarif } from '../../extension/review/report/sarif/sarif.js';
import { shortSteps } from '../../extension/review/report/text/trace-text.js';
import type { Runner } from '../../extension/runner/runner.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { createParser } from '../support/parser.js';
import { testRunner } from '../support/runner.js';
import { folderTree } from '../support/trees.js';
import { bundledScenarios, reviewed, type Reviewed } from './reviewed.js';

const sample = join(import.meta.dirname, '../../sample');

/** Those that show the sample's flaws, and one in which a change shows under a fault. */
const scenarios = [
  'thread-five-steps',
  'close-twice-while-open',
  'cached-open-then-passthrough',
  'parallel-release-and-open',
  'open-stacked',
  'no-capability-open',
];

let parser: SyntaxParser;
let runner: Runner;
let whole: Reviewed;
let json: JsonResult & JsonBehaviour;
let results: readonly Result[];
let rules: readonly ReportingDescriptor[];

beforeAll(async () => {
  parser = await createParser();
  runner = await testRunner(2);
  const how = { parser, runner, scenarios: bundledScenarios(...scenarios) };
  whole = await reviewed(folderTree(join(sample, 'tree')), join(sample, 'series.mbox'), how);
  const { review, verdict, behaviour, causes, sources } = whole;
  // As it is once it was written and read again.
  json = JSON.parse(
    JSON.stringify({ ...reviewToJson(review, verdict, sources), ...behaviourToJson(ok(behaviour), causes, { all: false }) }),
  ) as typeof json;
  const [run] = reviewToSarif(review, verdict, { sources, version: '1.2.3', rulePages: 'https://example.org', root: '/tree' }).runs;
  results = run?.results ?? [];
  rules = run?.tool.driver.rules ?? [];
}, 120_000);
afterAll(() => parser.dispose());

const idOf = ({ partialFingerprints }: Result): string => partialFingerprints?.['fuseReviewId/v1'] ?? '';
const causeOf = ({ properties }: Result): unknown => properties?.cause;

describe('SARIF of a review with runs', () => {
  test('has each simulated error as one error, by the rule of its kind', () => {
    const errors = results.filter(({ level }) => level === 'error');
    const introduced = whole.behaviour.introduced.map(({ counterexample }) => counterexample.error);
    expect(introduced.length).toBeGreaterThan(3);
    expect(errors.map(idOf).sort()).toEqual(introduced.map(({ id }) => id).sort());
    for (const result of errors) {
      const error = introduced.find(({ id }) => id === idOf(result));
      expect(result.ruleId).toBe(`simulated-${error?.kind}`);
      expect(result.message.text).toContain(error?.message);
      expect(result.baselineState).toBe('new');
      // At its end, where there is no line of its own, where its references go wrong: a place of the tree either way.
      expect(result.locations?.map(({ physicalLocation }) => physicalLocation?.artifactLocation?.uri)).toEqual([
        error?.at?.file ?? (expect.stringMatching(/^fs\/fuse\//) as string),
      ]);
    }
  });

  test('points from each result at its rule: a leak that was run is an error, one that was read a warning', () => {
    for (const { ruleIndex, ruleId, level } of results)
      expect(rules[ruleIndex ?? -1]).toMatchObject({ id: ruleId, defaultConfiguration: { level } });
    const leaks = results
      .filter(({ ruleId }) => ruleId === 'leak' || ruleId === 'simulated-leak')
      .map(({ level, ruleIndex }) => [level, rules[ruleIndex ?? -1]?.helpUri]);
    expect(leaks).toEqual([
      ['warning', expect.stringContaining('/leak.md') as string],
      ['error', undefined],
    ]);
  });

  test('has a flow for each thread with steps, in the order in which they happened', () => {
    for (const { counterexample } of whole.behaviour.introduced) {
      const flows = results.find((result) => idOf(result) === counterexample.error.id)?.codeFlows?.[0]?.threadFlows ?? [];
      const steps = shortSteps(counterexample);
      const threads = counterexample.trace.threads.filter((_, thread) => steps.some((step) => step.thread === thread));
      expect(flows.map(({ id }) => id)).toEqual(threads);
      const orders = flows.map(({ locations }) => locations.map(({ executionOrder }) => executionOrder ?? 0));
      for (const order of orders) expect(order).toEqual([...order].sort((a, b) => a - b));
      // Of all threads together each step once.
      expect(orders.flat().sort((a, b) => a - b)).toEqual(steps.map((_, index) => index + 1));
      const texts = flows.flatMap(({ locations }) => locations.map((each) => [each.executionOrder, each.location?.message?.text] as const));
      for (const [order, text] of texts) expect(text).toBe(steps[(order ?? 0) - 1]?.text);
    }
  });

  test('has two threads in the flows of a race', () => {
    const race = results.find(({ ruleId }) => ruleId === 'simulated-null-dereference');
    expect(race?.codeFlows?.[0]?.threadFlows.length).toBeGreaterThan(1);
  });

  test('has a cause that only changes answers as one note, with each change beside it', () => {
    const [note, ...others] = results.filter(({ ruleId }) => ruleId === 'changed-behaviour');
    expect(others).toEqual([]);
    expect(note).toMatchObject({ level: 'note', baselineState: 'new', properties: { patch: 4 } });
    const cause = whole.causes.find(({ severity }) => severity === 'behaviour');
    expect(note && causeOf(note)).toBe(cause?.id);
    expect(note?.relatedLocations?.map(({ message }) => message?.text)).toEqual(
      ['bad', 'directory', 'regular,flags=LOWEST'].map(
        (fd, at) => expect.stringContaining(`backing-open(fd=${fd}): -EPERM → ${['-EBADF', '-EISDIR', '-EINVAL'][at]}`) as string,
      ),
    );
  });

  test('says of each result the cause that JSON says, and the patch of the cause', () => {
    const causes = new Map((json.causes ?? []).map((cause) => [cause.id, cause]));
    const jsonCauses = new Map<string, string | undefined>([
      ...json.findings.map((finding) => [finding.id, finding.cause] as const),
      ...json.simulation.introduced.map(({ counterexample, cause }) => [counterexample.error.id, cause] as const),
      ...(json.causes ?? []).filter(({ severity }) => severity === 'behaviour').map(({ id }) => [id, id] as const),
    ]);
    for (const result of results) {
      expect(jsonCauses.has(idOf(result))).toBe(true);
      const cause = jsonCauses.get(idOf(result));
      expect(cause).toBeDefined();
      expect(causeOf(result)).toBe(cause);
      expect(result.properties?.patch as unknown).toBe(causes.get(cause ?? '')?.patch);
    }
  });

  test('has as many results as JSON has findings and introduced errors, and one for each change of behaviour alone', () => {
    const behaviours = results.filter(({ ruleId }) => ruleId === 'changed-behaviour');
    expect(results.length - behaviours.length).toBe(json.findings.length + json.simulation.introduced.length);
    expect(behaviours).toHaveLength((json.causes ?? []).filter(({ severity }) => severity === 'behaviour').length);
  });
});

describe('JSON of a review with runs', () => {
  test('has causes that name each introduced finding and error once, and nothing else', () => {
    const causes = json.causes ?? [];
    const findings = json.findings.filter(({ status }) => status === 'introduced').map(({ id }) => id);
    expect(causes.flatMap((cause) => cause.findings).sort()).toEqual([...findings].sort());
    expect(causes.flatMap((cause) => cause.errors).sort()).toEqual(
      json.simulation.introduced.map(({ counterexample }) => counterexample.error.id).sort(),
    );
    for (const { id, findings: own, errors, behaviours } of causes) {
      expect(json.findings.filter(({ cause }) => cause === id).map((each) => each.id)).toEqual(expect.arrayContaining(own) as string[]);
      expect(json.simulation.introduced.filter(({ cause }) => cause === id)).toHaveLength(errors.length);
      expect(json.behaviours.filter(({ cause }) => cause === id)).toHaveLength(behaviours);
    }
  });

  test('has every finding of the review', () => {
    expect(json.findings.map(({ id, status, line, message }) => [id, status, line, message])).toEqual(
      whole.review.findings.map(({ id, status, line, message }) => [id, status, line, message]),
    );
    expect(json.findings.length).toBeGreaterThan(1);
  });

  test('has every introduced error, with the shortest path to it in any scenario', { timeout: 60_000 }, async () => {
    const { introduced, results: runs } = whole.behaviour;
    // An answer that a scenario does not expect is a change, and told as one.
    const met = runs.flatMap(errorsIn).filter(({ error }) => error.kind !== 'wrong-result');
    const ids = new Set(met.map(({ error }) => error.id));
    expect(new Set(json.simulation.introduced.map(({ counterexample }) => counterexample.error.id))).toEqual(ids);
    const [after] = whole.trees.slice(-1);
    if (after === undefined) throw new Error('there is no patched tree');
    const all = await Promise.all(runs.map((result) => runner.withCounterexamples(after, result)));
    for (const { counterexample, scenario, times } of introduced) {
      const told = json.simulation.introduced.find((each) => each.counterexample.error.id === counterexample.error.id);
      expect(told).toMatchObject({ foundIn: scenario, scenarios: times });
      expect(told?.counterexample.operations.map(({ text }) => text)).toEqual(counterexample.trace.operations.map(({ text }) => text));
      const others = all.flatMap(({ counterexamples }) => counterexamples.filter(({ error }) => error.id === counterexample.error.id));
      expect(told?.counterexample.operations).toHaveLength(Math.min(...others.map(({ trace }) => trace.operations.length)));
      expect(others).toHaveLength(told?.scenarios ?? 0);
    }
  });

  test('has every change, those that only follow too, which have no cause', () => {
    expect(
      json.behaviours.map(({ operation, under, follows, before, after }) => [operation, under, follows, before?.answer, after?.answer]),
    ).toEqual(
      whole.behaviour.changes.map(({ operation, faults, follows, before, after }) => [
        operation,
        underText(faults),
        follows,
        before.answer,
        after.answer,
      ]),
    );
    expect(json.behaviours.some(({ follows }) => follows)).toBe(true);
    for (const { follows, cause } of json.behaviours) expect(cause === undefined).toBe(follows);
  });
});
