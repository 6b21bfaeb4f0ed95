// Patches applied in memory: where hunks go, what is said when they do not fit, what is never touched.
import { createTwoFilesPatch } from 'diff';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyPatches } from '../../extension/patch/apply.js';
import { memoryTree } from '../support/memory-tree.js';
import { patchOf } from './patch-of.js';

const put = `void fuse_backing_put(struct fuse_backing *fb)
{
	if (fb && refcount_dec_and_test(&fb->count))
		fuse_backing_free(fb);
}
`;
const get = `struct fuse_backing *fuse_backing_get(struct fuse_backing *fb)
{
	if (fb && refcount_inc_not_zero(&fb->count))
		return fb;
	return NULL;
}

`;
const head = '// SPDX-License-Identifier: GPL-2.0\n\n#include "fuse_i.h"\n\n';
const backing = head + get + put;
const file = 'fs/fuse/backing.c';

function between(before: string, after: string, path = file): string {
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, { context: 3 });
}

/** The first `@@` line. */
function header(diff: string): string {
  return /^@@.*$/m.exec(diff)?.[0] ?? '';
}

const withTrace = backing.replace('\t\tfuse_backing_free(fb);\n', '\t\tfuse_backing_free(fb);\n\ttrace_fuse_backing_put(fb);\n');
const trace = between(backing, withTrace);

function apply(text: string | undefined, diff: string, path = file) {
  const [step] = applyPatches(memoryTree(text === undefined ? {} : { [path]: text }), [patchOf(diff)]);
  const [reviewed] = step?.files ?? [];
  if (!step || !reviewed) throw new Error('a patch of one file');
  return { ...reviewed, text: step.tree.read(path), tree: step.tree };
}

describe('a hunk', () => {
  test('at its line applies without a word', () => {
    expect(apply(backing, trace)).toMatchObject({ text: withTrace, hunks: 1, hunksApplied: 1, problems: [] });
  });

  test('whose file grew above it applies lower, and says by how much', () => {
    const grown = head + '/* one */\n/* two */\n' + get + put;
    const result = apply(grown, trace);
    expect(result.text).toBe(head + '/* one */\n/* two */\n' + get + withTrace.slice(head.length + get.length));
    const message = `hunk 1 of 1 (${header(trace)}) applied 2 lines later than it says`;
    const line = grown.split('\n').indexOf('void fuse_backing_put(struct fuse_backing *fb)') + 2;
    expect(result.problems).toEqual([{ where: file, line, severity: 'warning', message }]);
  });

  test('with other context at its edge applies with fuzz, keeps the context of the file, and says so', () => {
    const renamed = backing.replace('{\n\tif (fb && refcount_dec', '{ /* put */\n\tif (fb && refcount_dec');
    const result = apply(renamed, trace);
    expect(result.text).toContain('{ /* put */\n\tif (fb &&');
    expect(result.text).toContain('\ttrace_fuse_backing_put(fb);\n');
    expect(result).toMatchObject({ hunksApplied: 1, problems: [{ severity: 'warning' }] });
    expect(result.problems[0]?.message).toMatch(
      /^hunk 1 of 1 \(@@ .* @@\) applied with fuzz 1: up to 1 line of context at its ends ignored$/,
    );
  });

  test('that does not apply names itself, the line of the file, what it expects and what is there', () => {
    const other = backing.replace('fuse_backing_free(fb)', 'kfree(fb)');
    const result = apply(other, trace);
    expect(result).toMatchObject({ text: other, hunksApplied: 0 });
    const line = other.split('\n').indexOf('\t\tkfree(fb);') + 1;
    const message = `hunk 1 of 1 (${header(trace)}) does not apply: the patch expects "\\t\\tfuse_backing_free(fb);", the file has "\\t\\tkfree(fb);"`;
    expect(result.problems).toEqual([{ where: file, line, severity: 'error', message }]);
  });

  test('that is there already is said, and not applied twice', () => {
    const result = apply(withTrace, trace);
    expect(result).toMatchObject({ text: withTrace, hunksApplied: 0, problems: [{ severity: 'warning' }] });
    expect(result.problems[0]?.message).toMatch(/is already there; not applied again$/);
  });

  test('made at the end of a file that has grown since is applied with a warning, where git and patch refuse', () => {
    const grown = backing + '\nint more;\n';
    const appended = between(backing, backing + '\nint id;\n');
    const result = apply(grown, appended);
    expect(result.text).toBe(backing + '\nint id;\n\nint more;\n');
    expect(result.problems[0]?.message).toMatch(
      / applied though it was made at the start or end of the file, where the tree has more lines$/,
    );
  });

  test('that fails does not keep the next one, or the next file, from applying', () => {
    const long = Array.from({ length: 40 }, (_, index) => `line ${index}\n`).join('');
    const diff = between(long, long.replace('line 5\n', 'five\n').replace('line 30\n', 'thirty\n'));
    const [step] = applyPatches(
      memoryTree({ [file]: long.replace('line 4\n', 'other\n').replace('line 6\n', 'other\n'), Makefile: 'a\n' }),
      [patchOf(diff + between('a\n', 'b\n', 'Makefile'))],
    );
    expect(step?.files.map(({ hunks, hunksApplied }) => [hunks, hunksApplied])).toEqual([
      [2, 1],
      [1, 1],
    ]);
    expect(step?.tree.read(file)).toContain('thirty\n');
    expect(step?.tree.read(file)).not.toContain('five\n');
    expect(step?.tree.read('Makefile')).toBe('b\n');
  });

  test('after the end of a file that is shorter says how long it is', () => {
    expect(apply('a\n', '--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,3 @@\n a\n b\n+c\n', 'x.c').problems[0]?.message).toBe(
      'hunk 1 of 1 (@@ -1,2 +1,3 @@) does not apply: the patch expects "b", but the file has only 1 line',
    );
  });
});

describe('line ends', () => {
  test('of a file with CRLF stay CRLF under a patch with LF, in what is added too', () => {
    const returns = (text: string) => text.replaceAll('\n', '\r\n');
    expect(apply(returns(backing), trace)).toMatchObject({ text: returns(withTrace), problems: [] });
  });

  test('of a patch that has CRs must be those of the file', () => {
    const diff = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\r\n+b\r\n';
    expect(apply('a\r\n', diff, 'x.c')).toMatchObject({ text: 'b\r\n', problems: [] });
    expect(apply('a\n', diff, 'x.c').problems[0]?.message).toBe(
      'hunk 1 of 1 (@@ -1 +1 @@) does not apply: the patch expects "a\\r", the file has "a", which has another line end',
    );
  });

  test.each([
    ['is taken away', 'a\nb\n', 'a\nb'],
    ['is added', 'a\nb', 'a\nb\n'],
    ['is missing before and after', 'a\nb', 'a\nc'],
    ['is missing in context', 'a\nb', 'c\nb'],
  ])('the newline at the end of the file %s', (_, before, after) => {
    expect(apply(before, between(before, after))).toMatchObject({ text: after, problems: [] });
  });

  test('a patch for a last line without newline does not fit one that has it', () => {
    const result = apply('b\n', between('b', 'c'));
    expect(result).toMatchObject({ text: 'b\n', hunksApplied: 0 });
    expect(result.problems[0]?.message).toMatch(/the patch expects "b" without a line end, the file has "b", which has another line end$/);
  });
});

describe('a file', () => {
  const added = 'diff --git a/n.c b/n.c\nnew file mode 100644\n--- /dev/null\n+++ b/n.c\n@@ -0,0 +1 @@\n+int n;\n';
  const gone = 'diff --git a/n.c b/n.c\ndeleted file mode 100644\n--- a/n.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int n;\n';
  const renamed =
    'diff --git a/n.c b/m.c\nsimilarity index 50%\nrename from n.c\nrename to m.c\n--- a/n.c\n+++ b/m.c\n@@ -1 +1 @@\n-int n;\n+int m;\n';

  test('is added', () => {
    expect(apply(undefined, added, 'n.c')).toMatchObject({ text: 'int n;\n', change: 'added', problems: [] });
  });

  test('that is to be added and is there stays, with a word on whether it is the same', () => {
    expect(apply('int n;\n', added, 'n.c')).toMatchObject({ text: 'int n;\n', problems: [{ severity: 'warning' }] });
    expect(apply('int o;\n', added, 'n.c')).toMatchObject({ text: 'int o;\n', hunksApplied: 0, problems: [{ severity: 'error' }] });
  });

  test('is deleted, and gone from its folder', () => {
    const result = apply('int n;\n', gone, 'n.c');
    expect(result).toMatchObject({ text: undefined, change: 'deleted', problems: [] });
    expect(result.tree.list('')).toEqual([]);
  });

  test('with more in it than the patch deletes stays, with an error', () => {
    const result = apply('int n;\nint o;\n', gone, 'n.c');
    expect(result.text).toBe('int n;\nint o;\n');
    expect(result.problems.at(-1)?.message).toBe('is not deleted: 1 line in linux that the patch does not remove');
  });

  test('is renamed with an edit', () => {
    const result = apply('int n;\n', renamed, 'm.c');
    expect(result.problems).toHaveLength(1);
    const [step] = applyPatches(memoryTree({ 'n.c': 'int n;\n' }), [patchOf(renamed)]);
    expect(step?.files[0]).toMatchObject({ path: 'm.c', oldPath: 'n.c', change: 'renamed', hunksApplied: 1, problems: [] });
    expect([step?.tree.read('n.c'), step?.tree.read('m.c')]).toEqual([undefined, 'int m;\n']);
  });

  test('swaps its name with another one', () => {
    const swap = (from: string, to: string) =>
      `diff --git a/${from} b/${to}\nsimilarity index 100%\nrename from ${from}\nrename to ${to}\n`;
    const [step] = applyPatches(memoryTree({ a: '1\n', b: '2\n' }), [patchOf(swap('a', 'b') + swap('b', 'a'))]);
    expect([step?.tree.read('a'), step?.tree.read('b')]).toEqual(['2\n', '1\n']);
  });

  test('that is missing is an error for each hunk', () => {
    expect(apply(undefined, trace).problems).toMatchObject([{ where: file, severity: 'error' }]);
  });

  test('of a patch made one folder up is found, with a warning', () => {
    const result = apply(backing, trace.replaceAll(/[ab]\/fs/g, 'linux/fs'));
    expect(result).toMatchObject({
      path: file,
      text: withTrace,
      problems: [{ severity: 'warning', message: `the patch calls it linux/${file}` }],
    });
  });
});

describe('a series', () => {
  const second = between(withTrace, withTrace.replace('GPL-2.0', 'GPL-2.0-only'));

  test('applies each patch on those before it, and shows the tree after each', () => {
    const base = memoryTree({ [file]: backing });
    const steps = applyPatches(base, [patchOf(trace, '1.patch'), patchOf(second, '2.patch')]);
    expect(steps.map(({ tree }) => tree.label)).toEqual(['linux + 1.patch', 'linux + 2 patches']);
    expect(steps[0]?.tree.read(file)).toBe(withTrace);
    expect(steps[1]?.tree.read(file)).toContain('GPL-2.0-only');
    expect(steps[1]?.tree.read(file)).toContain('trace_fuse_backing_put');
    expect(base.read(file)).toBe(backing);
  });
});

describe('any edit of a file', () => {
  const line = fc.constantFrom('', '{', '}', '\tgoto out;', '\treturn err;', 'out:', '\terr = -ENOENT;');
  const text = fc
    .tuple(fc.array(line, { maxLength: 40 }), fc.boolean())
    .map(([lines, newline]) => lines.join('\n') + (newline && lines.length > 0 ? '\n' : ''));

  test('as a diff applied to the base gives the target', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 5 }), (before, after, context) => {
        fc.pre(before !== after && before !== '');
        // git's line says that the file is there, even where the hunk begins with nothing.
        const bare = createTwoFilesPatch('a/x.c', 'b/x.c', before, after, undefined, undefined, { context });
        const diff = bare.replace(/^=+\n/, 'diff --git a/x.c b/x.c\n');
        const result = apply(before, diff, 'x.c');
        expect(result).toMatchObject({ text: after, problems: [] });
      }),
      { numRuns: 1000 },
    );
  });

  test('applies below lines that were added at the top, moved by as many', () => {
    const unique = fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(unique, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 30 }), (numbers, edits, shift) => {
        const lines = numbers.map((number) => `\tcall_${number}();\n`);
        const edited = [...lines];
        for (const edit of edits) edited.splice(4 + (edit % (edited.length - 4)), edit % 2, `\tedit_${edit}();\n`);
        const added = Array.from({ length: shift }, (_, index) => `#define ADDED_${index}\n`).join('');
        fc.pre(lines.join('') !== edited.join(''));
        const result = apply(added + lines.join(''), between(lines.join(''), edited.join('')));
        expect(result.text).toBe(added + edited.join(''));
        expect(result.problems.every(({ severity }) => severity === 'warning')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('applied twice changes nothing the second time', () => {
    const unique = fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(unique, fc.nat(), (numbers, edit) => {
        const lines = numbers.map((number) => `\tcall_${number}();\n`);
        const edited = lines.with(edit % lines.length, '\tedit();\n');
        const diff = between(lines.join(''), edited.join(''));
        const steps = applyPatches(memoryTree({ [file]: lines.join('') }), [patchOf(diff), patchOf(diff)]);
        expect(steps[1]?.tree.read(file)).toBe(edited.join(''));
        expect(steps[1]?.files[0]).toMatchObject({ hunksApplied: 0, problems: [{ severity: 'warning' }] });
      }),
    );
  });
});

describe('a line that a patch names', () => {
  const far = (header: string): string => `--- a/${file}\n+++ b/${file}\n${header}\n a line of no file\n-old\n+new\n`;

  test.each(['@@ -4000000000000,2 +1,2 @@', '@@ -99999999999999999999999999,2 +4000000000000,2 @@'])(
    'may be past the end of the file: %s',
    (header) => {
      const { problems } = apply(backing, far(header));
      expect(problems.map(({ message }) => message)).toEqual([
        `hunk 1 of 1 (${header}) does not apply: it is past the end of the file, which has ${backing.split('\n').length - 1} lines`,
      ]);
    },
  );

  test('may be far from where the hunk fits', () => {
    const moved = trace.replace(header(trace), header(trace).replace(/-\d+/, '-4000000000000'));
    const { text } = apply(backing, moved);
    expect(text).toBe(withTrace);
  });
});
