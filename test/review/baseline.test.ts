import { describe, expect, it } from 'vitest';
import { ok } from '../../extension/model/result.js';
import { formatBaseline, parseBaseline, staleProblems } from '../../extension/review/baseline.js';
import { offsetOfPath } from '../../extension/review/json-path.js';
import { memoryTree } from '../support/memory-tree.js';
import { ToyAnalyst } from './toy-analyst.js';

const { findings } = new ToyAnalyst().analyse(
  memoryTree({ 'fs/fuse/b.c': 'int g(void)\n{\n\tLEAK(x);\n\tLEAK(x);\n}\n', 'fs/fuse/a.c': 'int f(void)\n{\n\tSTALE(err);\n}\n' }),
  { folder: 'fs/fuse' },
);

describe('a baseline file', () => {
  it('is read as it was written, in order of file and function', () => {
    const read = parseBaseline(formatBaseline([...findings].reverse()), 'known.json');
    expect(read).toEqual(
      ok({
        version: 1,
        findings: [
          { id: 'stale-errno:f:err', rule: 'stale-errno', file: 'fs/fuse/a.c', function: 'f' },
          { id: 'leak:g:x', rule: 'leak', file: 'fs/fuse/b.c', function: 'g' },
          { id: 'leak:g:x:2', rule: 'leak', file: 'fs/fuse/b.c', function: 'g' },
        ],
      }),
    );
  });

  it.each([
    ['is cut off', '{\n  "version": 1,\n  "findings": [', 3, /not JSON/],
    ['is not JSON in the middle', '{\n  "version": 1,\n  findings: []\n}', 3, /not JSON/],
    ['is empty', '', 1, /not JSON/],
    ['has another version', '{\n  "findings": [],\n  "version": 2\n}', 3, /version/],
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

  it('may begin with a byte-order mark', () => {
    expect(parseBaseline('\uFEFF{"version":1,"findings":[]}', 'known.json')).toEqual(ok({ version: 1, findings: [] }));
  });

  it('has its stale entries named, some of many', () => {
    const entry = { id: 'x', rule: 'leak', file: 'fs/fuse/a.c', function: 'f' } as const;
    expect(staleProblems([], 'known.json')).toEqual([]);
    expect(staleProblems([entry], 'known.json')[0]!.message).toMatch(/^1 entry answers to no finding any more and can go: leak in f/);
    expect(staleProblems(Array(5).fill(entry), 'known.json')[0]!.message).toMatch(/ and 2 more$/);
  });
});

describe('the offset of a path in JSON', () => {
  const text = '{ "a": [1, {"b": "c\\"d"}], "e": null }';
  it.each([
    [[], '{ "a"'],
    [['a'], '[1'],
    [['a', 1, 'b'], '"c'],
    [['e'], 'null'],
    [['a', 1, 'gone'], '{"b"'],
  ])('of %j is where its value begins', (path, start) => {
    expect(text.slice(offsetOfPath(text, path)).startsWith(start)).toBe(true);
  });

  it('is found behind deep nesting', () => {
    const deep = `{"x": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "y": 1}`;
    expect(deep.slice(offsetOfPath(deep, ['y']))).toBe('1}');
  });
});
