import { describe, expect, test } from 'vitest';
import { ok } from '../../extension/model/result.js';
import {
  baselineProblems,
  formatBaseline,
  knownOf,
  parseBaseline,
  type Baseline,
  type BaselineEntry,
} from '../../extension/review/baseline.js';
import { offsetOfPath } from '../../extension/review/json-path.js';
import { memoryTree } from '../support/memory-tree.js';
import { ToyAnalyst } from './toy-analyst.js';

const { findings } = new ToyAnalyst().analyse(
  memoryTree({ 'fs/fuse/b.c': 'int g(void)\n{\n\tLEAK(x);\n\tLEAK(x);\n}\n', 'fs/fuse/a.c': 'int f(void)\n{\n\tSTALE(err);\n}\n' }),
  { folder: 'fs/fuse' },
);

describe('a baseline file', () => {
  test('is read as it was written, in order of file and function', () => {
    const read = parseBaseline(formatBaseline([...findings].reverse()), 'known.json');
    expect(read).toEqual(
      ok({
        version: 2,
        findings: [
          { id: 'stale-errno:f:err', rule: 'stale-errno', file: 'fs/fuse/a.c', function: 'f' },
          { id: 'leak:g:x', rule: 'leak', file: 'fs/fuse/b.c', function: 'g' },
          { id: 'leak:g:x:2', rule: 'leak', file: 'fs/fuse/b.c', function: 'g' },
        ],
      }),
    );
  });

  test.each([
    ['is cut off', '{\n  "version": 1,\n  "findings": [', 3, /not JSON/],
    ['is not JSON in the middle', '{\n  "version": 1,\n  findings: []\n}', 3, /not JSON/],
    ['is empty', '', 1, /not JSON/],
    ['has another version', '{\n  "findings": [],\n  "version": 3\n}', 3, /version/],
    ['is a list', '[\n]', 1, /not a baseline: the file/],
    [
      'has an entry without an id',
      '{"version": 1,\n"findings": [\n{"id": "a", "rule": "leak", "file": "f", "function": "g"},\n{"rule": "leak"}]}',
      4,
      /findings\[1\]\.id/,
    ],
    [
      'has a rule that does not exist',
      '{"version": 1, "findings": [\n{"id": "a",\n"rule": "leaks", "file": "f", "function": "g"}]}',
      3,
      /findings\[0\]\.rule/,
    ],
  ])('that %s is one problem with the line', (_what, text, line, said) => {
    const read = parseBaseline(text, 'known.json');
    if (read.ok) throw new Error('taken for a good one');
    expect(read.failure).toMatchObject({ where: 'known.json', line, severity: 'error' });
    expect(read.failure.message).toMatch(said);
    expect(read.failure.message).not.toContain('\n');
  });

  test('may begin with a byte-order mark', () => {
    expect(parseBaseline('\uFEFF{"version":1,"findings":[]}', 'known.json')).toEqual(ok({ version: 1, findings: [] }));
  });

  test('has its stale entries named, some of many', () => {
    const entry = { id: 'x', rule: 'leak', file: 'fs/fuse/a.c', function: 'f' } as const;
    const staleProblems = (stale: readonly BaselineEntry[], name: string) => baselineProblems({ version: 2, findings: [] }, stale, name);
    expect(staleProblems([], 'known.json')).toEqual([]);
    expect(staleProblems([entry], 'known.json')[0]!.message).toMatch(/^1 entry answers to no finding any more and can go: leak in f/);
    expect(staleProblems(Array(5).fill(entry), 'known.json')[0]!.message).toMatch(/ and 2 more$/);
  });
});

describe('a baseline of the version before', () => {
  // Its ids are those of words that no rule says any more.
  const entry = (name: string): BaselineEntry => ({ id: '0123456789ab', rule: 'leak', file: 'fs/fuse/b.c', function: name });
  const old: Baseline = { version: 1, findings: [entry('g'), entry('gone')] };
  const inG = findings.filter((finding) => finding.function === 'g');

  test('goes on working, whatever the rules say now: each entry knows one finding of its rule in its function', () => {
    expect(inG).toHaveLength(2);
    const { ids, unmet } = knownOf(old, findings);
    expect([...ids]).toEqual([inG[0]!.id]);
    expect(unmet).toEqual([old.findings[1]]);
  });

  test('knows after a patch what it knew before it, and not what came to stand above that', () => {
    expect([...knownOf(old, findings, new Set([inG[1]!.id])).ids]).toEqual([inG[1]!.id]);
  });

  test('is said to be old, with the way to a new one', () => {
    expect(baselineProblems(old, [], 'known.json').map(({ message }) => message)).toEqual([
      'is of an older form: its findings are known by rule and function; `check --write-baseline` renews it',
    ]);
    expect(baselineProblems(undefined, [], 'known.json')).toEqual([]);
  });
});

describe('the offset of a path in JSON', () => {
  const text = '{ "a": [1, {"b": "c\\"d"}], "e": null }';
  test.each([
    [[], '{ "a"'],
    [['a'], '[1'],
    [['a', 1, 'b'], '"c'],
    [['e'], 'null'],
    [['a', 1, 'gone'], '{"b"'],
  ])('of %j is where its value begins', (path, start) => {
    expect(text.slice(offsetOfPath(text, path)).startsWith(start)).toBe(true);
  });

  test('is found behind deep nesting', () => {
    const deep = `{"x": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "y": 1}`;
    expect(deep.slice(offsetOfPath(deep, ['y']))).toBe('1}');
  });
});
