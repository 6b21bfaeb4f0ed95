// The page on what the simulator says of a real tree: larger than any sample, and named as it names things.
import { kernelLoader } from '../../extension/kernel/loader.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initialView, type SimulatedRun } from '../../extension/editor/protocol/webview-messages.js';
import type { SimulationTrace } from '../../extension/model/simulation.js';
import { createSimulator } from '../../extension/simulator/simulator.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { laneObjects, stateStretches, StepRows } from '../../webview/run/lane-layout.js';
import { shownRows, singleRows } from '../../webview/run/step-rows.js';
import { fuse, fuseRuntime } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { describeThread, patched } from '../support/thread.js';
import { folderTree, treeFolder } from '../support/trees.js';
import { chromiumPath, PageBrowser } from './browser.js';

describeThread('the five steps of the thread', (thread) => {
  let parser: SyntaxParser;
  let run: SimulatedRun;
  let trace: SimulationTrace;

  beforeAll(async () => {
    const runtime = fuseRuntime;
    const tree = await patched(folderTree(treeFolder('linux-7.2') ?? ''), thread, 'shared');
    parser = await createParser();
    const program = kernelLoader(parser).load(tree, {
      folder: 'fs/fuse',
      headers: fuse.headers,
      config: new Map(),
      prelude: runtime.prelude,
    });
    const scenario = runtime.scenarios.find(({ name }) => name === 'thread-five-steps')!;
    const bounds = { faults: 0, preemptions: 0, executions: 100, milliseconds: 60_000 };
    const result = createSimulator(program, runtime.vocabulary, 'linux-7.2 with patch 1').run(scenario, { bounds });
    run = { id: 'real', title: 'real', time: 0, result, base: null };
    trace = result.counterexamples.find(({ error }) => error.kind === 'use-after-free')!.trace;
  });

  afterAll(() => parser.dispose());

  test('are told in far fewer lines than there are steps, in all of their operations', () => {
    const rows = shownRows({ base: null, run: trace }, singleRows(trace), initialView.filter);
    expect(trace.steps.length).toBeGreaterThan(300);
    expect(rows.length).toBeLessThan(trace.steps.length / 3);
    expect(rows.filter((row) => trace.steps[row.run!]!.kind === 'operation')).toHaveLength(trace.operations.length);
    expect(rows.some((row) => trace.steps[row.run!]!.kind === 'error')).toBe(true);
  });

  test('are first of all about the object that the error names, whose lane shows how it was counted and freed', () => {
    const { error } = run.result.counterexamples.find((each) => each.trace === trace)!;
    const [first] = laneObjects(trace, error.message);
    expect(first?.type).toBe('fuse_backing');
    const rows = singleRows(trace);
    const stretches = stateStretches(first!, new StepRows(trace, rows, 'run'));
    expect(stretches.map(({ short }) => short)).toEqual(expect.arrayContaining(['1', '2', '3', '0']));
    expect(stretches.at(-1)).toMatchObject({ state: 'freed', to: rows.length });
  });

  describe.skipIf(chromiumPath === undefined)('in a browser', () => {
    let browser: PageBrowser;
    beforeAll(async () => {
      browser = await PageBrowser.start();
    });
    afterAll(() => browser.close());

    test('are walked through from the error back to the change before it', async () => {
      const counterexample = run.result.counterexamples.findIndex((each) => each.trace === trace);
      const page = await browser.show(run, { view: { ...initialView, counterexample } });
      await page.press('e', 'o', 'p');
      expect(await page.selected()).toContain('fuse_backing 1');
      expect(page.errors).toEqual([]);
      await page.context.close();
    });
  });
});
