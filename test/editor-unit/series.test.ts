import { describe, expect, it } from 'vitest';
import type { ShownFinding, ShownPatch, ShownReview } from '../../extension/editor/messages.js';
import { findingText, inSeriesOrder, nextStop, seriesNode, walkable, type SeriesNode } from '../../extension/editor/series/nodes.js';
import { overlayFindings, overlayParts, overlayText, readOverlay, textOf } from '../../extension/editor/series/overlay.js';

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
  date: '',
  messageId: '',
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
const review = (patches: readonly ShownPatch[]): ShownReview => ({
  patches,
  findings: patches.flatMap(({ findings }) => findings),
  texts: [{ path: file, oldPath: file, before: 'old', after: 'newest' }],
  notAnalysed: [],
  problems: [],
  stats: null,
});
const nodeOf = (shown: ShownReview | undefined, failure?: string): SeriesNode =>
  seriesNode({ id: 's', source: { kind: 'files', paths: ['/mail/0001.patch'] }, root: '/linux', running: false, review: shown, failure });
const outline = (node: SeriesNode, depth = 0): string[] => [
  `${'  '.repeat(depth)}${node.kind} ${node.label} (${node.description})`,
  ...node.children.flatMap((child) => outline(child, depth + 1)),
];

describe('the tree of a series', () => {
  it('shows introduced before fixed under their file, and unchanged apart', () => {
    const findings = [finding('unchanged', 1), finding('fixed', 2), finding('introduced', 9), finding('introduced', 3)];
    expect(outline(nodeOf(review([patch(findings)])))).toEqual([
      'series 0001.patch (1 hunk left out, 2 introduced, 1 fixed)',
      '  patch fuse: share backing files (1 hunk left out, 2 introduced, 1 fixed)',
      '    file backing.c (1 of 2 hunks applied, 2 introduced, 1 fixed)',
      '      problem hunk 2 does not apply (backing.c)',
      '      finding leak (3 fuse_backing_open: file is still owned)',
      '        step acquired here (backing.c:10)',
      '      finding leak (9 fuse_backing_open: file is still owned)',
      '        step acquired here (backing.c:10)',
      '      finding leak (2 fuse_backing_open: file is still owned)',
      '        step acquired here (backing.c:10)',
      '    unchanged Unchanged (1)',
      '      finding leak (1 fuse_backing_open: file is still owned)',
      '        step acquired here (backing.c:10)',
    ]);
  });

  it('lists a file that a patch breaks without touching it', () => {
    const labels = outline(nodeOf(review([patch([finding('introduced', 5, 'fs/fuse/iomode.c')])])));
    expect(labels.some((line) => line.includes('file iomode.c (1 introduced)'))).toBe(true);
  });

  it('numbers the patches of a series and adds what it does as a whole', () => {
    const [, first, second, whole] = outline(nodeOf(review([patch([]), patch([])]))).filter((line) => /series|patch /.test(line));
    expect(first).toContain('1/2 fuse: share backing files (1 hunk left out, nothing introduced)');
    expect(second).toContain('2/2');
    expect(whole).toContain('Whole series');
  });

  it('keeps every id once, so that nothing is shown in the wrong place', () => {
    const ids: string[] = [];
    const collect = (node: SeriesNode): void => {
      ids.push(node.id);
      node.children.forEach(collect);
    };
    collect(nodeOf(review([patch([finding('introduced', 1), finding('unchanged', 2)]), patch([finding('introduced', 3)])])));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('never reads as clean where nothing could be reviewed', () => {
    const [line] = outline(nodeOf({ ...review([]), problems: [{ where: '/mail/0001.patch', message: 'is empty', severity: 'error' }] }));
    expect(line).toBe('series 0001.patch (nothing reviewed)');
  });

  it('says why a series was not reviewed', () => {
    expect(outline(nodeOf(undefined, 'the tree is gone'))[1]).toContain('problem the tree is gone');
  });
});

describe('walking by keyboard', () => {
  const node = nodeOf(
    review([patch([finding('introduced', 1), finding('unchanged', 2), finding('fixed', 3)]), patch([finding('introduced', 1)])]),
  );
  const stops = walkable([node]);

  it('stops at introduced and fixed findings, once a patch', () => {
    expect(stops.map(({ finding: at, scope }) => `${scope} ${at.status}`)).toEqual(['0 introduced', '0 fixed', '1 introduced']);
  });

  it('goes round at the ends, and starts anew where the place is gone', () => {
    expect(nextStop(stops, stops[2]?.id, 1)).toBe(stops[0]);
    expect(nextStop(stops, stops[0]?.id, -1)).toBe(stops[2]);
    expect(nextStop(stops, 'gone', 1)).toBe(stops[0]);
    expect(nextStop<{ id: string }>([], undefined, 1)).toBeUndefined();
  });
});

describe('the overlay', () => {
  it('names documents so that the place comes back and the file keeps its name', () => {
    const place = { series: 's', scope: 1, side: 'after', path: file } as const;
    const { path, query } = overlayParts(place);
    expect(path).toBe('/fs/fuse/backing.c');
    expect(readOverlay(path, query)).toEqual(place);
    expect(readOverlay(path, 'nonsense')).toBeUndefined();
    expect(readOverlay(path, '{"series":"s","scope":null,"side":"after"}')).toBeUndefined();
  });

  it('has the text of each patch and of the whole, and nothing where a file does not exist', () => {
    const shown = review([patch([], { texts: [{ path: 'new.c', oldPath: 'new.c', before: null, after: 'added' }] })]);
    expect(overlayText(shown, { series: 's', scope: 0, side: 'before', path: 'new.c' })).toBe('');
    expect(overlayText(shown, { series: 's', scope: 0, side: 'after', path: 'new.c' })).toBe('added');
    expect(overlayText(shown, { series: 's', scope: 'series', side: 'after', path: file })).toBe('newest');
    expect(overlayText(shown, { series: 's', scope: 7, side: 'after', path: file })).toBeUndefined();
  });

  it('shows fixed findings before and all others after', () => {
    const shown = review([patch([finding('introduced', 1), finding('fixed', 2), finding('unchanged', 3)])]);
    const on = (side: 'before' | 'after') =>
      overlayFindings(shown, { series: 's', scope: 0, side, path: file }).map(({ status }) => status);
    expect(on('before')).toEqual(['fixed']);
    expect(on('after')).toEqual(['introduced', 'unchanged']);
  });

  it('finds a renamed file by both names', () => {
    const shown = review([patch([], { texts: [{ path: 'b.c', oldPath: 'a.c', before: '', after: '' }] })]);
    expect(textOf(shown, 0, 'a.c')).toBe(textOf(shown, 0, 'b.c'));
  });
});

describe('helpers of the sidebar', () => {
  it('quote a finding as a mail would', () => {
    expect(findingText(finding('introduced', 10))).toBe(
      'fs/fuse/backing.c:10: file is still owned [leak, introduced]\n  fs/fuse/backing.c:10: acquired here\n',
    );
  });

  it('order patches as git format-patch numbers them', () => {
    expect(inSeriesOrder(['/m/10-b.patch', '/m/2-a.patch', '/m/1-c.patch'])).toEqual(['/m/1-c.patch', '/m/2-a.patch', '/m/10-b.patch']);
  });
});
