// What the checker says of whole kernels and of the thread's patches: every finding is one that docs/triage.md argues.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding, FindingStatus } from '../../extension/model/finding.js';
import { Reviewer, type Checked, type ReviewOptions } from '../../extension/review/reviewer.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse } from '../support/fuse.js';
import { createParser } from '../support/parser.js';
import type { ThreadPatch } from '../support/thread-edits.js';
import { describeThread, readThread } from '../support/thread.js';
import { folderTree, skipWithoutTree, treeFolder } from '../support/trees.js';

const checkout = join(import.meta.dirname, '../..');
const plain: ReviewOptions = { config: new Map(), folder: 'fs/fuse' };

/** The cells of the rows below a heading of docs/triage.md, without the two rows of its table's head. */
function tableOfTriage(heading: string): string[][] {
  const page = readFileSync(join(checkout, 'docs/triage.md'), 'utf8');
  const section =
    page
      .slice(page.indexOf(`\n## ${heading}\n`))
      .slice(1)
      .split(/\n#/)[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

let parser: SyntaxParser;
let reviewer: Reviewer;
beforeAll(async () => {
  parser = await createParser();
  reviewer = new Reviewer(parser, [fuse]);
});
afterAll(() => parser.dispose());

const trees = ['7.2', '6.12'] as const;
const checks = new Map<string, Checked>();

function check(version: string): Checked {
  const known = checks.get(version) ?? reviewer.check(folderTree(treeFolder(`linux-${version}`) ?? ''), plain);
  checks.set(version, known);
  return known;
}

describe.each(trees)('fs/fuse of Linux %s', (version) => {
  const missing = skipWithoutTree(`linux-${version}`);
  const why = missing ? ` (.cache/trees/linux-${version} not unpacked, run npm run trees)` : '';

  test.skipIf(missing)(`has the findings that docs/triage.md argues and no other${why}`, () => {
    const { findings, problems } = check(version);
    const argued = tableOfTriage('Findings').filter(([tree]) => tree === version);
    expect(findings.map(({ rule, file, function: name }) => [version, rule, file, name])).toEqual(argued.map((row) => row.slice(0, 4)));
    for (const [, , , name, verdict] of argued) expect(verdict, name).toMatch(/^(true|false)$/);
    expect(findings.length).toBeLessThanOrEqual(5);
    expect(problems).toEqual([]);
  });

  test.skipIf(missing)(`leaves out the functions that docs/triage.md names, at most 2 % and none of the backing files${why}`, () => {
    const { notAnalysed, stats } = check(version);
    const named = tableOfTriage('Not analysed').filter(([tree]) => tree === version);
    expect(notAnalysed.map(({ file, function: name, reason }) => [version, file, name, reason])).toEqual(named);
    expect(stats.functions).toBeGreaterThan(500);
    expect(notAnalysed.length / stats.functions).toBeLessThanOrEqual(0.02);
    expect(notAnalysed.filter(({ file }) => /\/(backing|passthrough|iomode)\.c$/.test(file))).toEqual([]);
  });
});

describe('Linux 6.12', () => {
  test.skipIf(skipWithoutTree('linux-6.12'))('keeps the result of prepare_creds() unchecked, shown from the call to the return', () => {
    const found = check('6.12').findings.find(({ rule }) => rule === 'unchecked-acquire');
    expect(found).toMatchObject({ file: 'fs/fuse/passthrough.c', function: 'fuse_backing_open', status: 'unchanged' });
    expect(found?.message).toContain('prepare_creds()');
    const steps = found?.trace.map(({ message }) => message) ?? [];
    expect(steps[0]).toContain('prepare_creds() returns 0');
    expect(steps.some((step) => step.startsWith('fuse_backing_id_alloc()'))).toBe(true);
    expect(steps).toContain('returns res');
    const text = folderTree(treeFolder('linux-6.12') ?? '').read('fs/fuse/passthrough.c') ?? '';
    expect(text.slice(found?.span.start, found?.span.end)).toBe('prepare_creds()');
    expect(text.slice(0, found?.span.start).split('\n').length).toBe(found?.line);
  });
});

describe('Linux 7.2 without passthrough', () => {
  test.skipIf(skipWithoutTree('linux-7.2'))('is checked without backing.c and passthrough.c and has no finding', () => {
    const { findings, stats } = reviewer.check(folderTree(treeFolder('linux-7.2') ?? ''), {
      ...plain,
      config: new Map([['CONFIG_FUSE_PASSTHROUGH', false]]),
    });
    expect(findings).toEqual([]);
    expect(stats.files).toBe(check('7.2').stats.files - 2);
    expect(stats.functions).toBeGreaterThan(500);
  });
});

describeThread('the patches of the thread on Linux 7.2', (thread) => {
  async function review(...names: ThreadPatch[]): Promise<readonly Finding[]> {
    const reviewed = reviewer.review(folderTree(treeFolder('linux-7.2') ?? ''), await readThread(thread, ...names), plain);
    expect(reviewed.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(reviewed.notAnalysed.filter(({ file }) => /\/(backing|passthrough|iomode)\.c$/.test(file))).toEqual([]);
    return reviewed.findings;
  }
  const told = (findings: readonly Finding[], status: FindingStatus): string[] =>
    findings
      .filter((finding) => finding.status === status)
      .map((finding) => `${finding.rule} in ${finding.function}`)
      .sort();

  test('patch 1 introduces F2, F3, F4, the two reads of the count and the reference put twice', async () => {
    const findings = await review('shared');
    expect(told(findings, 'introduced')).toEqual([
      'dead-default in fuse_backing_close',
      'dead-default in fuse_backing_open',
      'direct-free in fuse_backing_open',
      'refcount-as-state in fuse_backing_close',
      'refcount-as-state in fuse_backing_open',
      'transfer-mismatch in fuse_backing_close',
    ]);
    expect(told(findings, 'fixed')).toEqual([]);
    for (const finding of findings) expect(finding.trace.length, finding.message).toBeGreaterThan(0);
    const twice = findings.find(({ rule }) => rule === 'transfer-mismatch');
    const helper = /fuse_passthrough_\w+\(\)/.exec(twice?.message ?? '')?.[0];
    expect(twice?.trace.map(({ message }) => message)).toContain(`in ${helper}: here`);
  });

  test('patch 2 on top adds S1 and S2 and takes the findings in close away', async () => {
    const findings = await review('shared', 'sketch');
    expect(told(findings, 'introduced')).toEqual([
      'dead-default in fuse_backing_open',
      'direct-free in fuse_backing_open',
      'null-deref in fuse_backing_close',
      'refcount-as-state in fuse_backing_open',
      'stale-errno in fuse_backing_close',
    ]);
    expect(told(findings, 'fixed')).toEqual([]);
  });

  test('the control introduces nothing', async () => {
    expect(await review('control')).toEqual([]);
  });
});
