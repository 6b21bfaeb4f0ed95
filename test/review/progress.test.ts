// How far something is: which stages are shown, and in which words.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProgressClock, type Progress, type Stage } from '../../extension/model/progress.js';
import { phaseText, progressText } from '../../extension/review/report/text/progress-text.js';
import { Reviewer } from '../../extension/review/reviewer.js';
import { readSeries } from '../../extension/patch/series.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import { memoryTree } from '../support/memory-tree.js';

const at: Stage = { phase: 'compile', done: 312, total: 840, text: 'fs/fuse/backing.o' };
const since = (milliseconds: number, stage: Partial<Stage> = {}): string =>
  progressText({ ...at, ...stage, since: 1_000_000 - milliseconds }, 1_000_000);

describe('progress in words', () => {
  test('is a phase with its count', () => {
    expect(phaseText(at)).toBe('building 312 of 840 objects');
    expect(phaseText({ ...at, total: null })).toBe('building 312 objects');
    expect(phaseText({ ...at, done: 0, total: null })).toBe('building');
    expect(phaseText({ phase: 'parse', done: 0, total: 34, text: '' })).toBe('parsing 0 of 34 files');
    expect(phaseText({ phase: 'boot', done: 0, total: null, text: '2 processors' })).toBe('booting');
  });

  test('comes with the rate, the time that is left and what is being done', () => {
    expect(since(60_000)).toBe('building 312 of 840 objects, 5.2/s, about 2 min left: fs/fuse/backing.o');
    expect(since(60_000, { done: 800 })).toBe('building 800 of 840 objects, 13/s, about 10 s left: fs/fuse/backing.o');
    expect(since(60_000, { done: 840 })).toBe('building 840 of 840 objects, 14/s: fs/fuse/backing.o');
    expect(since(60_000, { total: null })).toBe('building 312 objects, 5.2/s: fs/fuse/backing.o');
    expect(since(60_000, { phase: 'run', done: 3, total: 39, text: 'x' })).toBe('running 3 of 39 scenarios, 3/min: x');
    expect(since(60_000, { phase: 'boot', done: 0, total: null, text: '' })).toBe('booting');
  });

  test('has neither rate nor time while they would be guesses', () => {
    expect(since(900)).toBe('building 312 of 840 objects: fs/fuse/backing.o');
    expect(since(2000)).toBe('building 312 of 840 objects, 156/s: fs/fuse/backing.o');
    expect(since(60_000, { done: 0 })).toBe('building 0 of 840 objects: fs/fuse/backing.o');
    // Functions differ too much for a time.
    expect(since(60_000, { phase: 'check', text: 'f()' })).toBe('checking 312 of 840 functions, 5.2/s: f()');
  });

  test('says which tree of a series it is of', () => {
    const stage = { phase: 'parse', done: 1, total: 9, text: 'a.c' } as const;
    expect(since(0, { ...stage, patch: { number: 0, of: 3 } })).toBe('without patches: parsing 1 of 9 files: a.c');
    expect(since(0, { ...stage, patch: { number: 2, of: 3 } })).toBe('patch 2 of 3: parsing 1 of 9 files: a.c');
  });
});

describe('the clock of progress', () => {
  const shown = (clock: ProgressClock, stage: Partial<Stage>, now: number): Progress | null => clock.take({ ...at, ...stage }, now);

  test('lets through what can be read; a new phase and the end of one always', () => {
    const clock = new ProgressClock();
    expect(shown(clock, {}, 1000)).toEqual({ ...at, since: 1000 });
    expect(shown(clock, { done: 313 }, 1100)).toBeNull();
    expect(shown(clock, { done: 314 }, 1200)).toEqual({ ...at, done: 314, since: 1000 });
    expect(shown(clock, { done: 840 }, 1201)).toMatchObject({ since: 1000 });
    expect(shown(clock, { phase: 'boot', total: null }, 1202)).toMatchObject({ since: 1202 });
  });

  test('begins anew with each tree of a series, and where a count does', () => {
    const clock = new ProgressClock();
    const patch = (number: number): Partial<Stage> => ({ patch: { number, of: 2 } });
    shown(clock, patch(0), 1000);
    expect(shown(clock, patch(1), 1001)).toMatchObject({ since: 1001 });
    expect(shown(clock, { ...patch(1), done: 400 }, 1300)).toMatchObject({ since: 1001 });
    expect(shown(clock, { ...patch(1), done: 0 }, 1301)).toMatchObject({ since: 1301 });
  });

  test('lets ten and no more through in two seconds of one phase', () => {
    const clock = new ProgressClock();
    const taken = Array.from({ length: 2000 }, (_, now) => shown(clock, { done: now, total: null }, now));
    expect(taken.filter((each) => each !== null)).toHaveLength(10);
  });
});

describe('a review tells', () => {
  let parser: SyntaxParser;
  beforeAll(async () => void (parser = await createParser()));
  afterAll(() => parser.dispose());
  const files = {
    'fs/fuse/backing.c': 'int fuse_backing_open(void)\n{\n\treturn 0;\n}\n',
    'fs/fuse/dev.c': 'int dev(void)\n{\n\treturn fuse_backing_open();\n}\n',
  };
  const told = (): { readonly stages: string[]; readonly onProgress: (stage: Stage) => void } => {
    const stages: string[] = [];
    return { stages, onProgress: (stage) => stages.push(progressText({ ...stage, since: 0 }, 0)) };
  };

  test('each file that is parsed and lowered, and each function that is walked, of how many', () => {
    const { stages, onProgress } = told();
    new Reviewer(parser, [fuse]).check(memoryTree(files), { config: new Map(), onProgress });
    expect(stages).toEqual([
      'parsing 0 of 2 files: fs/fuse/backing.c',
      'parsing 1 of 2 files: fs/fuse/dev.c',
      'lowering 0 of 2 files: fs/fuse/backing.c',
      'lowering 1 of 2 files: fs/fuse/dev.c',
      'checking 0 of 2 functions: fuse_backing_open()',
      'checking 1 of 2 functions: dev()',
    ]);
  });

  test('of which tree of a series', async () => {
    const diff =
      '--- a/fs/fuse/dev.c\n+++ b/fs/fuse/dev.c\n@@ -1,4 +1,4 @@\n int dev(void)\n {\n-\treturn fuse_backing_open();\n+\treturn 1;\n }\n';
    const { patches } = await readSeries([{ name: 'a.diff', bytes: Buffer.from(diff) }]);
    const { stages, onProgress } = told();
    new Reviewer(parser, [fuse]).review(memoryTree(files), patches, { config: new Map(), onProgress });
    expect(stages.filter((each) => each.includes('parsing 1 '))).toEqual([
      'without patches: parsing 1 of 2 files: fs/fuse/dev.c',
      'patch 1 of 1: parsing 1 of 2 files: fs/fuse/dev.c',
    ]);
  });
});
