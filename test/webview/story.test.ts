// The story of a run: its operations with what became of the objects that the error is about, the lines of the list, what is copied.
import { describe, expect, test } from 'vitest';
import { initialView, type RunView } from '../../extension/editor/protocol/webview-messages.js';
import type { SimulationTrace } from '../../extension/model/simulation.js';
import { Listing } from '../../webview/run/lines.js';
import { lanePairs } from '../../webview/run/lane-layout.js';
import { moved } from '../../webview/run/moves.js';
import { objectPairs } from '../../webview/run/object-pairs.js';
import { opened } from '../../webview/run/opening.js';
import { Parts } from '../../webview/run/parts.js';
import { mainStep } from '../../webview/run/step-rows.js';
import { headsAbove, pinnedHeads } from '../../webview/run/pinned.js';
import { shownText } from '../../webview/run/shown-text.js';
import { courseText, failureText, noteTexts } from '../../webview/run/story-text.js';
import { subjectOf, type ShownSubject } from '../../webview/run/subject.js';
import { fiveSteps, fiveStepsOnBase, parallelCloses, sampleRun } from './sample-result.js';

const run = sampleRun();
const subject = (view: Partial<RunView> = {}, of = run): ShownSubject => subjectOf(of, { ...initialView, ...view })!;
const listing = (own: ShownSubject, unfolded: readonly string[] = []): Listing =>
  new Listing(own.traces, own.rows, { filter: initialView.filter, unfolded });
const texts = ({ lines, traces }: Listing): readonly string[] =>
  lines.map(({ row }) => traces[mainStep(row).side]!.steps[mainStep(row).step]!.text);

describe('the story of the five steps', () => {
  const { story } = subject();

  test('says of each who did it, what it answered, and the count before and after it', () => {
    const rows = story.chapters.map(({ actor, text, base, run: own }) => [
      actor,
      text,
      base?.operation.answer,
      own?.operation.answer,
      own?.courses.map(courseText).join(),
    ]);
    expect(story.objects.map(({ name }) => name)).toEqual(['fuse_backing 1']);
    expect(rows).toEqual([
      ['server', 'backing-open(fd=regular)', '1', '1', '– → 1'],
      ['client', 'open(inode=1, id=1)', '0', '0', '1 → 2'],
      ['server', 'backing-close(id=1)', '0', '-ENOENT', '2 → 1'],
      ['client', 'release(file=1)', '0', '0', '1 → freed'],
      ['server', 'backing-close(id=1)', '-ENOENT', null, 'freed'],
    ]);
  });

  test('says who is to blame, where the error is told, and who is left with what is freed', () => {
    const notes = story.chapters.map((chapter) => noteTexts(chapter, story).join('; '));
    expect(notes.slice(0, 4)).toEqual([
      '+ index 1 of fuse_conn',
      '+ fuse_inode.fb',
      'fuse_backing_close() drops one too many, backing.c:198',
      'freed under index 1 of fuse_conn',
    ]);
    expect(notes[4]).toMatch(/still points to it, in fuse_backing_get\(\), backing\.c:18$/);
  });

  test('tells errors of the same words apart by function and line', () => {
    const { error } = run.result.counterexamples[0]!;
    const elsewhere = { ...error, at: { ...error.at!, function: 'fuse_backing_id_free', line: 74 } };
    expect(failureText(error)).not.toBe(failureText(elsewhere));
  });

  test('has an error that is told while all is torn down in teardown, and one told after an operation with it', () => {
    const [first] = run.result.counterexamples;
    const at = (step: number, teardown: number): ShownSubject['story'] => {
      const trace = { ...first!.trace, teardown, steps: first!.trace.steps.map((each) => ({ ...each })) };
      trace.steps[step]!.operation = -1;
      return subject({}, { ...run, result: { ...run.result, counterexamples: [{ ...first!, trace, error: { ...first!.error, step } }] } })
        .story;
    };
    const last = first!.trace.steps.length - 1;
    expect(at(last, last).failing).toBe('teardown');
    expect(at(last, last + 1)).toMatchObject({ failing: null, chapters: { 4: { fails: true } } });
  });
});

describe('the parts of a run', () => {
  test('are its operations, what leads to them and what follows', () => {
    const trace = { ...fiveSteps(), teardown: 78 };
    const parts = new Parts({ base: null, run: trace });
    expect(parts.all.map(({ name }) => name)).toEqual(['setup', ...[0, 1, 2, 3, 4].map((each) => `operation ${each}`), 'teardown']);
    expect(parts.at('run', 0).kind).toBe('setup');
    expect(parts.at('run', 80).kind).toBe('teardown');
    // What was put off until an operation had ended is told with it.
    const deferred = trace.steps.findIndex(({ text }) => text === 'a grace period ends');
    expect(trace.steps[deferred]!.operation).toBe(-1);
    expect(parts.at('run', deferred).operations).toEqual([3]);
  });

  test('are one where operations run beside each other', () => {
    const { all } = new Parts({ base: null, run: parallelCloses() });
    expect(all.map(({ operations }) => operations)).toEqual([[], [0], [1, 2], []]);
  });
});

describe('the list', () => {
  test('has a line for each operation, and the steps of those that are unfolded', () => {
    expect(texts(listing(subject()))).toHaveLength(5);
    const open = texts(listing(subject(), ['operation 3']));
    expect(open).toContain('kfree_rcu(fb, rcu)');
    expect(open).not.toContain('fb = kmalloc_obj(struct fuse_backing)');
    expect(open.at(-1)).toBe('backing-close(id=1)');
  });

  test('has each operation once where they run beside each other', () => {
    const parallel = subject({ counterexample: 1 });
    const folded = listing(parallel);
    expect(folded.lines.map((line) => (line.kind === 'part' ? line.operation : null))).toEqual([0, 1, 2]);
    const step = parallel.traces.run.steps.findIndex(({ operation, kind }) => operation === 1 && kind === 'statement');
    expect(folded.lineIndexOf({ side: 'run', step })).toBe(1);
  });

  test('shows what a filter finds without anything being unfolded, and where it is', () => {
    const own = subject();
    const found = new Listing(own.traces, own.rows, { filter: { ...initialView.filter, text: 'kfree' }, unfolded: [] });
    expect(texts(found)).toEqual(['release(file=1)', 'kfree_rcu(fb, rcu)']);
  });

  test('comes up at the step that tells the error, with its operation unfolded', () => {
    const own = subject();
    const view = opened({ ...initialView, unfolded: ['operation 0', 'places'] }, own);
    expect(view.selected).toEqual({ side: 'run', step: own.traces.run.steps.length - 1 });
    expect(view.unfolded).toEqual(['places', 'operation 4']);
    const up = listing(own, view.unfolded);
    expect(up.lineIndexOf(view.selected)).toBe(up.lines.length - 1);
  });

  test('is walked line by line, and into what is folded only for what is looked for', () => {
    const own = subject();
    const folded = listing(own);
    const from = (step: number) => ({ listing: folded, selected: { side: 'run', step } as const, object: null, error: own.errorStep });
    const first = folded.lines[0]!.row.run!;
    expect(moved('next', from(first))).toEqual({ row: folded.lines[1]!.row, inside: false });
    const change = moved('next change', from(first))!;
    expect(change.inside).toBe(true);
    expect(own.traces.run.steps[change.row.run!]!.text).toBe('file = fget_raw(map->fd)');
    expect(moved('error', from(first))!.row.run).toBe(own.errorStep);
  });
});

describe('heads that are scrolled away', () => {
  // Five operations, of which the fourth is unfolded: its steps are the lines 4 to 40.
  const heads = [0, 1, 2, 3, 41];

  test('stay above the list, down to that of the steps in sight', () => {
    expect(pinnedHeads(heads, 0, 8)).toEqual([]);
    expect(pinnedHeads(heads, 0.5, 8)).toEqual([0, 1, 2, 3]);
    expect(pinnedHeads(heads, 20, 8)).toEqual([0, 1, 2, 3]);
    expect(pinnedHeads(heads, 38, 8)).toEqual([0, 1, 2, 3, 41]);
  });

  test('are the nearest where there is no room for all', () => {
    expect(pinnedHeads(heads, 20, 2)).toEqual([2, 3]);
    expect(pinnedHeads(heads, 20, 0)).toEqual([]);
    expect(headsAbove(heads, 20, 8)).toBe(4);
    expect(headsAbove(heads, 20, 2)).toBe(2);
  });
});

describe('objects of two runs', () => {
  const base = fiveStepsOnBase();

  test('are the same that the same operation made as the same one of its type', () => {
    // The base makes another file first, so that the names don't say it.
    const spare = { ...base.objects[0]!, id: 9, name: 'file 1', from: 0 };
    const renamed = base.objects.map((object) => (object.type === 'file' ? { ...object, name: `file ${object.id + 1}` } : object));
    const other: SimulationTrace = { ...base, objects: [spare, ...renamed] };
    const pairs = objectPairs({ base: other, run: fiveSteps() });
    expect(pairs.map(({ name, base: left }) => [name, left?.name])).toEqual([
      ['file 1', 'file 2'],
      ['fuse_backing 1', 'fuse_backing 1'],
      ['cred 1', 'cred 1'],
      ['file 2', 'file 5'],
      ['file 1', 'file 1'],
    ]);
  });

  test('have lanes in one order, whatever most became of on either tree', () => {
    const names = lanePairs({ base, run: fiveSteps() }, 'reads fuse_backing 1').map(({ name }) => name);
    expect(names[0]).toBe('fuse_backing 1');
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('what is copied', () => {
  const own = subject();
  const text = shownText(run, own, listing(own, ['operation 4']).lines);

  test('begins with the error and its story', () => {
    const lines = text.split('\n');
    expect(lines[0]).toMatch(/^use-after-free: .*, in fuse_backing_get\(\), backing\.c:18$/);
    const story = lines.indexOf(lines.find((line) => line.includes('who'))!);
    expect(lines[story]).toMatch(
      /who +operation +answers \(base\) +answers \(patched\) +fuse_backing 1 \(base\) +fuse_backing 1 \(patched\)$/,
    );
    expect(lines[story + 5]).toMatch(/^ 3 {2}server {2}backing-close\(id=1\) +0 +-ENOENT +2 → 1 +2 → 1$/);
    expect(lines[story + 6]).toBe('       fuse_backing_close() drops one too many, backing.c:198');
  });

  test('has the steps that are unfolded and no others', () => {
    expect(text).toContain('\n5 backing-close(id=1)\n');
    expect(text).toContain('[fs/fuse/backing.c:18]\n');
    expect(text).not.toContain('kfree_rcu(fb, rcu)  [');
    expect(text.split('\n').length).toBeLessThan(40);
  });

  test('says what an error hangs on', () => {
    const [first] = run.result.counterexamples;
    const assumed = { ...first!, error: { ...first!.error, assumed: ['find() taken to return 0'] } };
    const other = { ...run, result: { ...run.result, counterexamples: [assumed] } };
    expect(shownText(other, subject({}, other), [])).toContain('\n  hangs on an assumed answer: find() taken to return 0\n');
  });
});
