import { describe, expect, test } from 'vitest';
import type { ShownFinding, ShownPatch, ShownReview } from '../../extension/editor/protocol/messages.js';
import {
  atRest,
  reviewed,
  simulated,
  toBeSimulated,
  waitedFor,
  type SeriesState,
  type SimulationState,
} from '../../extension/editor/host/series/series-state.js';
import type { Finding } from '../../extension/model/finding.js';
import { noStats } from '../../extension/review/reviewer.js';
import type { SeriesNode } from '../../extension/editor/host/series/node.js';
import {
  findingText,
  flawsOf,
  inSeriesOrder,
  nextStop,
  runOf,
  seriesNode,
  seriesProgress,
  walkable,
} from '../../extension/editor/host/series/nodes.js';
import {
  overlayFindings,
  overlayParts,
  overlayText,
  readOverlay,
  standingFindings,
  textOf,
} from '../../extension/editor/host/series/overlay.js';

const file = 'fs/fuse/backing.c';
const range = { startLine: 9, startColumn: 1, endLine: 9, endColumn: 5 };
const finding = (status: ShownFinding['status'], line: number, path = file): ShownFinding => ({
  id: `${path}:${status}:${line}`,
  rule: 'leak',
  status,
  file: path,
  function: 'fuse_backing_open',
  line,
  range,
  message: 'file is still owned',
  steps: [{ file: path, range, message: 'acquired here' }],
});
const patch = (findings: readonly ShownFinding[], more: Partial<ShownPatch> = {}): ShownPatch => ({
  source: '/mail/0001.patch',
  subject: '[PATCH v4 1/2] fuse: share backing files',
  author: 'A <a@example.com>',
  messageId: '',
  date: '',
  files: [
    {
      path: file,
      oldPath: file,
      change: 'modified',
      hunksApplied: 1,
      hunks: 2,
      problems: [{ where: file, message: 'hunk 2 does not apply', severity: 'error' }],
    },
  ],
  findings,
  problems: [],
  texts: [{ path: file, oldPath: file, before: 'old', after: 'new' }],
  ...more,
});
const plain = ({ id, rule, status, file: path, function: name, line, message }: ShownFinding): Finding => ({
  ...{ id, rule, status, file: path, line, message, function: name },
  span: { start: 0, end: 1 },
  trace: [],
});
const review = (patches: readonly ShownPatch[], lasting = patches.flatMap(({ findings }) => findings)): ShownReview => ({
  patches,
  findings: lasting,
  texts: [{ path: file, oldPath: file, before: 'old', after: 'newest' }],
  notAnalysed: [],
  thread: null,
  problems: [],
  review: {
    patches: patches.map((each) => ({ ...each, messageId: '', findings: each.findings.map(plain) })),
    findings: lasting.map(plain),
    notAnalysed: [],

    problems: [],
    stats: noStats,
    files: [],
  },
});
const notSimulated: SimulationState = { kind: 'none', reason: 'fuseReview.simulateSeries is off', asked: true };
const nodeOf = (shown: ShownReview | undefined, failure?: string): SeriesNode =>
  seriesNode({
    ...{ ...atRest, id: 's', source: { kind: 'files', paths: ['/mail/0001.patch'] }, root: '/linux', review: shown, failure },
    simulation: notSimulated,
  });
const outline = (node: SeriesNode, depth = 0): string[] => [
  `${'  '.repeat(depth)}${node.kind} ${node.label} (${node.description})`,
  ...node.children.flatMap((child) => outline(child, depth + 1)),
];

describe('the tree of a series', () => {
  test('shows what is wrong first, then what is fixed, the files, and what is unchanged', () => {
    const findings = [finding('unchanged', 1), finding('fixed', 2), finding('introduced', 9), finding('introduced', 3)];
    const said = '2 flaws (leak), 1 fixed; not reviewed as a whole: only 1 of 2 hunks apply';
    expect(outline(nodeOf(review([patch(findings)])))).toEqual([
      `series 0001.patch (${said})`,
      `  patch fuse: share backing files (${said})`,
      '    cause leak, backing.c:3: fuse_backing_open(): file is still owned ()',
      '      finding file is still owned (backing.c:3, leak)',
      '        step acquired here (backing.c:10)',
      '    cause leak, backing.c:9: fuse_backing_open(): file is still owned ()',
      '      finding file is still owned (backing.c:9, leak)',
      '        step acquired here (backing.c:10)',
      '    finding fixed: file is still owned (backing.c:2, leak)',
      '      step acquired here (backing.c:10)',
      '    files Files (backing.c)',
      '      file backing.c (1 of 2 hunks applied, fs/fuse)',
      '        problem hunk 2 does not apply (backing.c)',
      '    unchanged Unchanged (1)',
      '      finding file is still owned (backing.c:1, leak)',
      '        step acquired here (backing.c:10)',
    ]);
  });

  test('shows what a later patch fixes again under the patch that brings it, and counts it as no flaw of the series', () => {
    const passing = finding('introduced', 7);
    const shown = review([patch([passing]), patch([{ ...passing, status: 'fixed' }])], []);
    const lines = outline(nodeOf(shown));
    expect(lines).toContain('    finding file is still owned (backing.c:7, leak, fixed again by a later patch)');
    expect(lines.filter((line) => line.startsWith('    cause'))).toEqual([]);
    expect(lines.find((line) => line.startsWith('  patch 1/2'))).toContain('1 finding that a later patch fixes again');
  });

  test('says how far its review and its simulation are', () => {
    const state = { ...atRest, id: 's', source: { kind: 'files', paths: ['a'] }, root: '/linux', review: undefined } as const;
    const progress = { phase: 'parse', done: 12, total: 34, text: 'fs/fuse/dev.c', since: 0, patch: { number: 1, of: 4 } } as const;
    const simulation = { kind: 'running', done: 3, total: 96 } as const;
    expect(seriesProgress([{ ...state, running: true, progress, simulation }], 2000)).toBe('patch 1 of 4: parsing 12 of 34 files, 6.0/s…');
    expect(seriesProgress([{ ...state, running: true, simulation }], 2000)).toBe('');
    expect(seriesProgress([{ ...state, running: false, simulation }], 2000)).toBe('simulating 3 of 96 scenarios…');
    expect(seriesProgress([{ ...state, running: false, simulation: notSimulated }], 2000)).toBe('');
  });

  test('counts flaws for the badge', () => {
    const state = { ...atRest, id: 's', source: { kind: 'files', paths: ['a'] }, root: '/linux' } as const;
    const shown = review([patch([finding('introduced', 1), finding('fixed', 2)])]);
    expect(flawsOf([{ ...state, review: shown, simulation: notSimulated }])).toBe(1);
  });

  test('numbers the patches of a series and adds what it does as a whole', () => {
    const lines = outline(nodeOf(review([patch([]), patch([])]))).filter((line) => /^ {0,2}\w/.test(line));
    expect(lines[1]).toContain('1/2 fuse: share backing files (nothing introduced in what was looked at; not reviewed as a whole');
    expect(lines[2]).toContain('2/2');
    expect(lines[3]).toContain('Whole series');
  });

  test('keeps every id once, so that nothing is shown in the wrong place', () => {
    const ids: string[] = [];
    const collect = (node: SeriesNode): void => {
      ids.push(node.id);
      node.children.forEach(collect);
    };
    collect(nodeOf(review([patch([finding('introduced', 1), finding('unchanged', 2)]), patch([finding('introduced', 3)])])));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('never reads as clean where nothing could be reviewed', () => {
    const [line] = outline(nodeOf({ ...review([]), problems: [{ where: '/mail/0001.patch', message: 'is empty', severity: 'error' }] }));
    expect(line).toBe('series 0001.patch (nothing reviewed)');
  });

  test('says why a series was not reviewed', () => {
    expect(outline(nodeOf(undefined, 'the tree is gone'))[1]).toContain('problem the tree is gone');
  });
});

describe('walking by keyboard', () => {
  const node = nodeOf(
    review([patch([finding('introduced', 1), finding('unchanged', 2), finding('fixed', 3)]), patch([finding('introduced', 4)])]),
  );
  const stops = walkable([node]);

  test('stops at what is introduced and fixed, once a patch', () => {
    expect(stops.map(({ kind, label, description }) => `${kind} ${kind === 'cause' ? label : description}`)).toEqual([
      'cause leak, backing.c:1: fuse_backing_open(): file is still owned',
      'finding backing.c:3, leak',
      'cause leak, backing.c:4: fuse_backing_open(): file is still owned',
    ]);
  });

  test('goes round at the ends, and starts anew where the place is gone', () => {
    expect(nextStop(stops, stops[2]?.id, 1)).toBe(stops[0]);
    expect(nextStop(stops, stops[0]?.id, -1)).toBe(stops[2]);
    expect(nextStop(stops, 'gone', 1)).toBe(stops[0]);
    expect(nextStop<{ id: string }>([], undefined, 1)).toBeUndefined();
  });
});

describe('the overlay', () => {
  test('names documents so that the place comes back and the file keeps its name', () => {
    const place = { series: 's', scope: 1, side: 'after', path: file } as const;
    const { path, query } = overlayParts(place);
    expect(path).toBe('/fs/fuse/backing.c');
    expect(readOverlay(path, query)).toEqual(place);
    expect(readOverlay(path, 'nonsense')).toBeUndefined();
    expect(readOverlay(path, '{"series":"s","scope":null,"side":"after"}')).toBeUndefined();
  });

  test('has the text of each patch and of the whole, and nothing where a file does not exist', () => {
    const shown = review([patch([], { texts: [{ path: 'new.c', oldPath: 'new.c', before: null, after: 'added' }] })]);
    expect(overlayText(shown, { series: 's', scope: 0, side: 'before', path: 'new.c' })).toBe('');
    expect(overlayText(shown, { series: 's', scope: 0, side: 'after', path: 'new.c' })).toBe('added');
    expect(overlayText(shown, { series: 's', scope: 'series', side: 'after', path: file })).toBe('newest');
    expect(overlayText(shown, { series: 's', scope: 7, side: 'after', path: file })).toBeUndefined();
  });

  test('shows fixed findings before and all others after', () => {
    const shown = review([patch([finding('introduced', 1), finding('fixed', 2), finding('unchanged', 3)])]);
    const on = (side: 'before' | 'after') =>
      overlayFindings(shown, { series: 's', scope: 0, side, path: file }).map(({ status }) => status);
    expect(on('before')).toEqual(['fixed']);
    expect(on('after')).toEqual(['introduced', 'unchanged']);
  });

  test('lists what stands at the end of the series, at the patch that brings it', () => {
    const [lasting, passing] = [finding('introduced', 1), finding('introduced', 2)];
    const elsewhere = finding('introduced', 3, 'fs/fuse/other.c');
    const first = patch([lasting, passing, elsewhere, finding('unchanged', 4)]);
    const shown = review([first, patch([{ ...passing, status: 'fixed' }])], [lasting, elsewhere]);
    expect(standingFindings(shown)).toEqual([{ place: { scope: 0, side: 'after', path: file }, findings: [lasting] }]);
  });

  test('finds a renamed file by both names', () => {
    const shown = review([patch([], { texts: [{ path: 'b.c', oldPath: 'a.c', before: '', after: '' }] })]);
    expect(textOf(shown, 0, 'a.c')).toBe(textOf(shown, 0, 'b.c'));
  });
});

describe('helpers of the sidebar', () => {
  test('quote a finding as a mail would', () => {
    expect(findingText(finding('introduced', 10))).toBe(
      'fs/fuse/backing.c:10: file is still owned [leak, introduced]\n  fs/fuse/backing.c:10: acquired here\n',
    );
  });

  test('order patches as git format-patch numbers them', () => {
    expect(inSeriesOrder(['/m/10-b.patch', '/m/2-a.patch', '/m/1-c.patch'])).toEqual(['/m/1-c.patch', '/m/2-a.patch', '/m/10-b.patch']);
  });
});

test('a click on a cause without a place opens the first run that shows it', () => {
  const common = { series: 's', label: '', description: '', tooltip: '', open: false };
  const run = { ...common, id: 'run', kind: 'run', scenario: 'one', error: null, children: [] } as const;
  const other = { ...common, id: 'note', kind: 'note', children: [] } as const;
  const cause = { ...common, id: 'cause', kind: 'cause', severity: 'behaviour', place: null, text: '', children: [other, run] } as const;
  expect(runOf(run)).toBe(run);
  expect(runOf(cause)).toBe(run);
  expect(runOf({ ...cause, children: [other] })).toBeUndefined();
  expect(runOf({ ...cause, place: { scope: 0, finding: null, at: null } })).toBeUndefined();
  expect(runOf(other)).toBeUndefined();
});

describe('a series that is reviewed as it is typed', () => {
  const source = { kind: 'changes' } as const;
  const [first, second] = [review([patch([finding('introduced', 1)])]), review([patch([])])];
  const done: SimulationState = { kind: 'none', reason: 'for the test', asked: true };
  const typed: SeriesState = { ...atRest, id: 's', source, root: '/linux', review: first, simulation: done, edited: true, behind: true };
  const next = (state: SeriesState, change: Partial<SeriesState> | null): SeriesState => ({ ...state, ...change });

  test('shows a review together with its simulation', () => {
    const waiting = next(typed, reviewed(typed, second, true));
    expect(waiting).toMatchObject({ review: first, simulation: done, upcoming: second, edited: false });
    expect(simulated(waiting, second, { kind: 'running', done: 1, total: 2 })).toBeNull();
    const shown = next(waiting, simulated(waiting, second, done));
    expect(shown).toMatchObject({ ...atRest, review: second, simulation: done });
  });

  test('shows it without where that takes long', () => {
    expect(waitedFor(typed)).toBeNull();
    const waiting = next(typed, reviewed(typed, second, true));
    expect(next(waiting, waitedFor(waiting))).toMatchObject({ ...atRest, review: second, simulation: toBeSimulated });
  });

  test('takes nothing of an older text', () => {
    expect(simulated(typed, first, done)).toBeNull();
    const waiting = next(typed, reviewed(typed, second, true));
    expect(simulated(waiting, first, done)).toBeNull();
  });

  test('shows at once that nothing is changed any more, and what it is opened with', () => {
    const none = review([]);
    expect(next(typed, reviewed(typed, none, true))).toMatchObject({ ...atRest, review: none });
    const opened = { ...typed, review: undefined };
    expect(next(opened, reviewed(opened, first, true))).toMatchObject({ ...atRest, review: first });
    expect(next(typed, reviewed(typed, second, false))).toMatchObject({ ...atRest, review: second });
  });

  test('says so of what is older than the text', () => {
    const [node, now] = [seriesNode(typed), seriesNode({ ...typed, edited: false, behind: false })];
    expect(node).toMatchObject({ label: 'Uncommitted changes', running: true, description: `before the last edits: ${now.description}` });
    expect(node.children).toEqual(now.children);
    expect(seriesNode({ ...typed, ...atRest, review: review([]) })).toMatchObject({ description: 'nothing changed' });
  });
});
