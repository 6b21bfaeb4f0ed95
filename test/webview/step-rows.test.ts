// What the page works out of a run: which steps it shows, how two runs are paired, and what is said of objects.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialView, type RunFilter } from '../../extension/editor/protocol/webview-messages.js';
import type { SimulationTrace } from '../../extension/model/simulation.js';
import { pairedRows } from '../../webview/run/paired-rows.js';
import { holderLanes, laneObjects, operationStretches, stateStretches, StepRows } from '../../webview/run/lane-layout.js';
import { effectTexts } from '../../webview/run/step-effects.js';
import { holdings, momentAt, momentText } from '../../webview/run/objects.js';
import { rowIndexOf, shownRows, singleRows, stepOf, type Row, type Traces } from '../../webview/run/step-rows.js';
import { grouped } from '../../extension/model/plural.js';
import { behaviourPairs, boundsText } from '../../webview/run/run-text.js';
import { fiveSteps, fiveStepsOnBase, parallelCloses, sampleRun } from './sample-result.js';

const run = fiveSteps();
const traces: Traces = { base: null, run };
const shown = (filter: Partial<RunFilter>, of: Traces = traces): readonly string[] =>
  shownRows(of, of.base === null ? singleRows(of.run) : pairedRows(of.base, of.run), { ...initialView.filter, ...filter }).map(
    (row) => (stepOf(of, row, 'run') ?? stepOf(of, row, 'base'))!.text,
  );

describe('the steps that are shown', () => {
  test('are at first those that say or change something', () => {
    const texts = shown({});
    expect(texts).toContain('fuse_backing_put(fb)');
    expect(texts).toContain('= -ENOENT');
    expect(texts).not.toContain('res = -EPERM');
    expect(texts).not.toContain('goto out_fb');
    // Nothing happens in it, while in the next one something does.
    expect(texts).not.toContain('fuse_mount()');
    expect(texts).toContain('fuse_backing_free(fb)');
  });

  test('are all calls on request', () => {
    expect(shown({ detail: 'calls' })).toContain('fuse_mount()');
    expect(shown({ detail: 'calls' })).not.toContain('res = -EPERM');
  });

  test('are all of them on request', () => expect(shown({ detail: 'all' })).toHaveLength(run.steps.length));

  test('are, of changes only, still told apart by operation', () => {
    const texts = shown({ detail: 'changes' });
    expect(texts).toContain('backing-close(id=1)');
    expect(texts).toContain('kfree_rcu(fb, rcu)');
    expect(texts).not.toContain('fuse_backing_free(fb)');
  });

  test('are those that concern an object, and where they happen', () => {
    const texts = shown({ object: 'file 2' });
    expect(texts.filter((text) => !/^(backing-|open|release|refcount_inc)/.test(text))).toEqual([
      'backing_file = backing_file_open(...)',
      'oldfb = fuse_inode_backing_set(fi, fb)',
      'fput(ff->passthrough)',
    ]);
  });

  test('are found by text, place and change', () => {
    expect(shown({ text: 'KFREE' })).toEqual(['kfree_rcu(fb, rcu)']);
    expect(shown({ text: 'iomode.c:108' })).toEqual(['oldfb = fuse_inode_backing_set(fi, fb)']);
    expect(shown({ text: '2 → 3' })).toEqual(['fb = fuse_backing_lookup(fc, backing_id)']);
    expect(shown({ text: 'no such thing' })).toEqual([]);
  });

  test('are of one thread', () => {
    const parallel = parallelCloses();
    const kept = shownRows({ base: null, run: parallel }, singleRows(parallel), { ...initialView.filter, thread: 2 });
    expect(kept.every((row) => parallel.steps[row.run!]!.thread === 2)).toBe(true);
    expect(kept.length).toBeGreaterThan(3);
  });

  test('hold the one before the selected one where that is hidden', () => {
    const rows = shownRows(traces, singleRows(run), initialView.filter);
    const hidden = run.steps.findIndex((step) => step.text === 'goto out_fb');
    const at = rows[rowIndexOf(rows, 'run', hidden)]!;
    expect(at.run).toBeLessThan(hidden);
    expect(rowIndexOf([], 'run', 3)).toBe(-1);
  });
});

describe('two runs side by side', () => {
  const base = fiveStepsOnBase();
  const rows = pairedRows(base, run);

  const complete = (paired: readonly Row[], left: SimulationTrace, right: SimulationTrace): void => {
    expect(paired.flatMap((row) => (row.base === null ? [] : [row.base]))).toEqual(left.steps.map((_, index) => index));
    expect(paired.flatMap((row) => (row.run === null ? [] : [row.run]))).toEqual(right.steps.map((_, index) => index));
  };

  test('have every step once and in order', () => complete(rows, base, run));

  test('begin each operation in one row', () => {
    const begins = rows.filter((row) => stepOf({ base, run }, row, 'run')?.kind === 'operation');
    expect(begins).toHaveLength(5);
    expect(begins.every((row) => row.base !== null)).toBe(true);
  });

  test('part where the patch makes a difference', () => {
    const answer = rows.find((row) => stepOf({ base, run }, row, 'run')?.text === '= -ENOENT')!;
    expect(answer.difference).toBe('changed');
    expect(stepOf({ base, run }, answer, 'base')?.text).toBe('= 0');
    expect(shown({ detail: 'differences' }, { base, run })).not.toContain('fuse_mount()');
  });

  test('tell how the run ends before all that the base goes on with', () => {
    const last = rows.findIndex((row) => row.run === run.steps.length - 1);
    expect(rows.slice(last + 1).length).toBeGreaterThan(0);
    expect(rows.slice(last + 1).every(({ difference }) => difference === 'base only')).toBe(true);
  });

  test('differ nowhere where they are the same', () => {
    expect(pairedRows(run, fiveSteps()).every(({ difference }) => difference === 'none')).toBe(true);
  });

  test('are complete whatever is left out of one', () => {
    const part = (keep: readonly boolean[]): SimulationTrace => ({
      ...run,
      steps: run.steps.filter((_, index) => keep[index] ?? true),
      objects: [],
    });
    const some = fc.array(fc.boolean(), { minLength: run.steps.length, maxLength: run.steps.length });
    fc.assert(
      fc.property(some, some, (left, right) => complete(pairedRows(part(left), part(right)), part(left), part(right))),
      { numRuns: 100 },
    );
  });
});

describe('what is said of objects', () => {
  const fb = run.objects.find(({ name }) => name === 'fuse_backing 1')!;
  const stepNamed = (text: string): number => run.steps.findIndex((step) => step.text === text);

  test('is what they are after a step', () => {
    expect(momentAt(fb, 0)).toBeUndefined();
    expect(momentText(momentAt(fb, run.steps.length)!)).toBe('freed, held by index 1 of fuse_conn');
    expect(momentText(momentAt(fb, stepNamed('kfree_rcu(fb, rcu)'))!)).toMatch(/^waiting for a grace period, count 0/);
  });

  test('is who holds them from when to when', () => {
    const held = holdings(fb, run.steps.length).find(({ holder }) => holder === 'fuse_inode.fb')!;
    expect(run.steps[held.from]!.text).toBe('oldfb = fuse_inode_backing_set(fi, fb)');
    expect(run.steps[held.to]!.text).toBe('refcount_dec_and_test(&fb->count)');
  });

  test('is, of a step, only what it changed', () => {
    expect(effectTexts(run, stepNamed('fb = fuse_backing_lookup(fc, backing_id)'))).toEqual([]);
    expect(effectTexts(run, stepNamed('kfree_rcu(fb, rcu)'))).toEqual(['fuse_backing 1 waiting for a grace period']);
    expect(effectTexts(run, stepNamed('fb = kmalloc_obj(struct fuse_backing)'))).toEqual(['new fuse_backing 1']);
    expect(effectTexts(run, stepNamed('fb = fuse_backing_get(fb)'))).toEqual(['fuse_backing 1 .count.refs 1 → 2']);
  });
});

describe('lanes', () => {
  const rows = shownRows(traces, singleRows(run), initialView.filter);
  const where = new StepRows(run, rows, 'run');

  test('cover a thread with its operations', () => {
    const every = new StepRows(run, singleRows(run), 'run');
    const stretches = operationStretches(run, every, 0);
    expect(stretches.map(({ label }) => label)).toEqual([
      'setup',
      '1 backing-open(fd=regular) = 1',
      '2 open(inode=1, id=1) = 0',
      '3 backing-close(id=1) = -ENOENT',
      '4 release(file=1) = 0',
      '5 backing-close(id=1) (does not end)',
    ]);
  });

  test('are for objects of which something becomes, those that the error names first', () => {
    const names = (error: string): readonly string[] => laneObjects(run, error).map(({ name }) => name);
    expect(names('a cred leaks')[0]).toBe('cred 1');
    expect(names('reads fuse_backing, which is freed')[0]).toBe('fuse_backing 1');
    const idle = {
      ...run.objects[0]!,
      id: 9,
      name: 'super_block 1',
      from: 0,
      moments: [{ step: 0, state: 'live', count: 1, holders: [] }],
    } as const;
    expect(laneObjects({ ...run, objects: [...run.objects, idle] }, '').map(({ name }) => name)).not.toContain('super_block 1');
  });

  test('tell who holds an object, with the variables of running functions in one lane', () => {
    const fb = run.objects.find(({ name }) => name === 'fuse_backing 1')!;
    expect(holderLanes(fb, where, run.steps.length).map(({ holder }) => holder)).toEqual([
      'index 1 of fuse_conn',
      'fuse_inode.fb',
      'local variables',
    ]);
  });

  test('cover an object from its first step to the end, without gaps', () => {
    for (const object of laneObjects(run, '')) {
      const stretches = stateStretches(object, where);
      expect(stretches[0]!.from).toBe(where.at(object.from));
      expect(stretches.at(-1)!.to).toBe(rows.length);
      stretches.slice(1).forEach((stretch, index) => expect(stretch.from).toBe(stretches[index]!.to));
    }
  });
});

describe('words', () => {
  test('of numbers', () => {
    expect([0, 999, 1000, 1234567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
    expect(boundsText(sampleRun().result)).toBe('at most 1 fault, at most 2 preemptions');
  });

  test('of behaviours on both trees', () => {
    const { result, base } = sampleRun();
    const pairs = behaviourPairs(result.behaviours, base!.result.behaviours);
    expect(pairs.filter(({ differs }) => differs).map((pair) => [pair.base?.answer, pair.run?.answer])).toEqual([['0', '-ENOENT']]);
    expect(behaviourPairs(result.behaviours, null).some(({ differs }) => differs)).toBe(false);
    expect(behaviourPairs([], base!.result.behaviours).every(({ run: own, differs }) => own === null && differs)).toBe(true);
  });
});
