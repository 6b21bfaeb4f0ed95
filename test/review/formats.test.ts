import { failed } from '../../extension/model/result.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSeries } from '../../extension/patch/series.js';
import { checkToJson, resultSchema, reviewToJson } from '../../extension/review/report/json/json.js';
import { formatLadder } from '../../extension/review/report/text/ladder-text.js';
import { Reviewer, type SeriesReview } from '../../extension/review/reviewer.js';
import { checkToSarif, reviewToSarif } from '../../extension/review/report/sarif/sarif.js';
import { Sources } from '../../extension/review/sources.js';
import { colourPaint, excerpt, plainPaint, printable } from '../../extension/review/report/text/terminal.js';
import { formatReview } from '../../extension/review/report/text/review-text.js';
import { formatCheck } from '../../extension/review/report/text/check-text.js';
import { attribution } from '../../extension/review/attribution.js';
import { causesOf } from '../../extension/review/causes.js';
import { verdictOf, type Verdict } from '../../extension/review/verdict.js';
import { fuse } from '../support/fuse.js';
import { memoryTree } from '../support/memory-tree.js';
import { valueOf } from '../support/result.js';
import { ToyAnalyst } from './toy-analyst.js';

const tree = memoryTree({
  'fs/fuse/backing.c': 'int fuse_backing_open(void)\n{\n\tint é = 1;\tLEAK(file);\n\treturn 0;\n}\n',
  'fs/fuse/dev.c': 'int dev(void)\n{\n\tSTALE(err);\n}\n\nint odd(void)\n{\n\tODD();\n}\n',
});
const reviewer = new Reviewer(new ToyAnalyst(), [fuse]);
const options = { config: new Map<string, boolean>() };
const checked = reviewer.check(tree, options);
const sources = Sources.ofTree(tree);

const mail = (number: number, subject: string, diff: string): string =>
  `From 1234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001\nFrom: A Developer <a@example.org>\nDate: Mon, 1 Jan 2024 10:00:00 +0000\nSubject: [PATCH ${number}/2] ${subject}\nMessage-ID: <${number}@example.org>\n\nText.\n---\n${diff}-- \n2.40\n\n`;

const series =
  mail(
    1,
    'fuse: lose a page',
    'diff --git a/fs/fuse/dev.c b/fs/fuse/dev.c\n--- a/fs/fuse/dev.c\n+++ b/fs/fuse/dev.c\n@@ -1,4 +1,5 @@\n int dev(void)\n {\n \tSTALE(err);\n+\tLEAK(page);\n }\n',
  ) +
  mail(
    2,
    'fuse: find it again',
    'diff --git a/fs/fuse/dev.c b/fs/fuse/dev.c\n--- a/fs/fuse/dev.c\n+++ b/fs/fuse/dev.c\n@@ -1,5 +1,5 @@\n int dev(void)\n {\n-\tSTALE(err);\n-\tLEAK(page);\n+\tx();\n+\tLEAK(folio);\n }\n',
  );

let review: SeriesReview;
let reviewSources: Sources;
beforeAll(async () => {
  const { patches } = await readSeries([{ name: 'series.mbox', bytes: Buffer.from(series) }]);
  review = reviewer.review(tree, patches, options);
  reviewSources = Sources.ofReview(tree, review);
});

describe('text of a check', () => {
  test('has the source line, a caret under it that survives tabs, and the path as notes', () => {
    expect(formatCheck(checked, { sources, paint: plainPaint })).toBe(
      [
        '2 findings in 2 files; 1 function not analysed',
        '',
        'fs/fuse/backing.c:3:13: warning: file is lost [leak]',
        '    3 | \tint é = 1;\tLEAK(file);',
        '      | \t          \t^~~~~~~~~~',
        'fs/fuse/backing.c:3:13: note: file is lost here',
        '    3 | \tint é = 1;\tLEAK(file);',
        '      | \t          \t^~~~~~~~~~',
        '',
        'fs/fuse/dev.c:3:2: warning: err is lost [stale-errno]',
        '    3 | \tSTALE(err);',
        '      | \t^~~~~~~~~~',
        'fs/fuse/dev.c:3:2: note: err is lost here',
        '    3 | \tSTALE(err);',
        '      | \t^~~~~~~~~~',
        '',
        '3 functions in 2 files, 1 of them not analysed:',
        '  fs/fuse/dev.c:odd: an odd construct',
        '1 callee without body or contract taken to own nothing: odd_call (2x)',
        '1 option assumed: CONFIG_ODD=n (state them with --config)',
        '',
      ].join('\n'),
    );
  });

  test('has colours only when asked', () => {
    expect(formatCheck(checked, { sources, paint: plainPaint })).not.toContain('\u001b');
    expect(formatCheck(checked, { sources, paint: colourPaint })).toContain('\u001b[1;35mwarning:\u001b[0m');
  });
});

describe('an excerpt', () => {
  test('lets nothing through that could steer the terminal', () => {
    expect(printable('a\u001b[31mb\u202ec\r\nd')).toBe('a\ufffd[31mb\ufffdc\ufffd d');
  });

  test('counts wide and combining characters as the terminal does', () => {
    const line = '/* 漢字 e\u0301 */ x';
    expect(excerpt(line, 1, line.indexOf('x'), line.length, plainPaint)[1]).toBe('      |              ^');
  });

  test('shows a piece of a line that is very long', () => {
    const line = `${'a'.repeat(1_000_000)}HERE${'b'.repeat(1_000_000)}`;
    const [text = '', caret = ''] = excerpt(line, 1, 1_000_000, 1_000_004, plainPaint);
    expect(text.length).toBeLessThan(200);
    expect(text.slice(caret.indexOf('^'), caret.length)).toBe('HERE');
  });
});

const notSimulated = failed({ reason: 'left out by --no-simulate', asked: true });

function verdict(): Verdict {
  const findings = review.findings.filter(({ status }) => status === 'introduced');
  const patchOf = (what: object): number | null =>
    'rule' in what ? (attribution(review, what as (typeof findings)[number]) ?? null) : null;
  return verdictOf(review, causesOf({ findings, errors: [], changes: [], paths: new Map(), patchOf }), notSimulated);
}

describe('text of a review', () => {
  const text = (all: boolean): string =>
    formatReview(review, verdict(), notSimulated, { sources: reviewSources, paint: plainPaint, all, replay: () => '' });

  test('begins with a verdict for each patch, and its flaws', () => {
    expect(text(false).split('\n').slice(0, 3)).toEqual([
      'patch 1/2 1 finding that a later patch fixes again; not analysed: odd(): [PATCH 1/2] fuse: lose a page, A Developer <a@example.org>',
      'patch 2/2 1 flaw (leak), 1 fixed; not analysed: odd(): [PATCH 2/2] fuse: find it again, A Developer <a@example.org>',
      '  1. leak fs/fuse/dev.c:4: dev(): folio is lost',
    ]);
  });

  test('then tells each flaw with its place, what is fixed, and what was there before', () => {
    expect(text(false)).toContain('1. leak in dev()\nfs/fuse/dev.c:4:2: warning: folio is lost [leak]\n    4 | \tLEAK(folio);\n');
    expect(text(false)).toContain('fs/fuse/dev.c:3:2: fixed: err is lost [stale-errno] (patch 2)\n    3 | \tSTALE(err);\n');
    expect(text(false)).toContain('1 finding unchanged (shown with --all)');
    expect(text(false)).not.toContain('file is lost');
    expect(text(true)).toContain('fs/fuse/backing.c:3:13: warning: file is lost');
  });

  test('tells of what came with one patch and went with a later one', () => {
    expect(text(false)).toContain('fs/fuse/dev.c:4: note: patch 1 introduces: page is lost [leak]; patch 2 fixes it again');
  });
});

describe('JSON', () => {
  test('of a check keeps to its schema', () => {
    const json = checkToJson(checked, sources);
    expect(resultSchema.strict().parse(JSON.parse(JSON.stringify(json)))).toEqual(json);
    expect(json.findings[0]).toMatchObject({
      rule: 'leak',
      status: 'unchanged',
      function: 'fuse_backing_open',
      line: 3,
      column: 13,
      endLine: 3,
      endColumn: 23,
    });
    expect(json.notAnalysed).toEqual([{ file: 'fs/fuse/dev.c', function: 'odd', reason: 'an odd construct' }]);
    expect(json.complete).toBe(true);
  });

  test('of a review keeps to its schema, with each patch', () => {
    const json = reviewToJson(review, verdict(), reviewSources);
    expect(resultSchema.strict().parse(JSON.parse(JSON.stringify(json)))).toEqual(json);
    expect(json.findings.map(({ status, rule, line }) => [status, rule, line])).toEqual([
      ['unchanged', 'leak', 3],
      ['fixed', 'stale-errno', 3],
      ['introduced', 'leak', 4],
    ]);
    expect(json.causes).toMatchObject([{ severity: 'finding', kind: 'leak', place: 'fs/fuse/dev.c:4', patch: 2 }]);
    expect(json.findings.map(({ cause }) => cause)).toEqual([undefined, undefined, json.causes?.[0]?.id]);
    expect(json.verdict).toEqual({ kind: 'found', gaps: [] });
    expect(json.patches?.map(({ subject, messageId, findings }) => [subject, messageId, findings.length])).toEqual([
      ['[PATCH 1/2] fuse: lose a page', expect.stringContaining('1@example.org') as string, 1],
      ['[PATCH 2/2] fuse: find it again', expect.stringContaining('2@example.org') as string, 3],
    ]);
  });
});

describe('SARIF', () => {
  const sarif = { version: '1.2.3', rulePages: 'https://example.org/rules', root: '/tmp/a tree' };

  test('of a check has rules with help, regions in UTF-16, the path as a code flow, and no baseline state', () => {
    const log = checkToSarif(checked, { ...sarif, sources });
    const [run] = log.runs;
    expect(log.version).toBe('2.1.0');
    expect(run?.columnKind).toBe('utf16CodeUnits');
    expect(run?.originalUriBaseIds).toEqual({ SRCROOT: { uri: 'file:///tmp/a%20tree/' } });
    const [result] = run?.results ?? [];
    expect(result?.baselineState).toBeUndefined();
    expect(run?.tool.driver.rules?.[result?.ruleIndex ?? -1]).toMatchObject({
      id: result?.ruleId,
      helpUri: 'https://example.org/rules/leak.md',
    });
    expect(result?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'fs/fuse/backing.c', uriBaseId: 'SRCROOT' },
      region: { startLine: 3, startColumn: 13, endLine: 3, endColumn: 23, snippet: { text: '\tint é = 1;\tLEAK(file);' } },
    });
    expect(result?.partialFingerprints).toEqual({ 'fuseReviewId/v1': 'leak:fuse_backing_open:file' });
    expect(result?.codeFlows?.[0]?.threadFlows[0]?.locations[0]?.location?.message?.text).toBe('file is lost here');
    expect(run?.invocations?.[0]?.toolExecutionNotifications?.map((each) => each.message.text)).toContainEqual(
      'odd: not analysed: an odd construct',
    );
  });

  test('of a review says new, absent and unchanged, and which patch it was', () => {
    const results = reviewToSarif(review, verdict(), { ...sarif, sources: reviewSources }).runs[0]?.results ?? [];
    expect(results.map((result) => [result.baselineState, result.properties?.patch as unknown])).toEqual([
      ['unchanged', undefined],
      ['absent', 2],
      ['new', 2],
    ]);
  });
});

test('a ladder shows what jumps leave held and labels release', () => {
  const ladder = valueOf(reviewer.ladder(tree, { file: 'fs/fuse/backing.c', function: 'fuse_backing_open' }, options));
  expect(formatLadder(ladder, plainPaint)).toBe(
    [
      'fs/fuse/backing.c:3: fuse_backing_open()',
      '',
      'acquires',
      '     5  file  fget(fd)',
      '',
      'jumps',
      '     7  goto out     !fb       holds file  ! leaves file held',
      '     8  return -EIO  fc->dead  holds file',
      '',
      'labels',
      '     9  out_fput:',
      '    10    releases file  fput(file); falls into out',
      '    11  out:             return err',
      '',
    ].join('\n'),
  );
});
