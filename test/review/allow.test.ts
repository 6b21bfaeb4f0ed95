import { describe, expect, test } from 'vitest';
import type { Finding } from '../../extension/model/finding.js';
import { applyAllows, type AllowResult } from '../../extension/review/allow.js';
import { memoryTree } from '../support/memory-tree.js';
import { ToyAnalyst } from './toy-analyst.js';

function allow(text: string): AllowResult & { readonly kept: readonly Finding[] } {
  const tree = memoryTree({ 'fs/fuse/backing.c': text });
  const { findings, units, functions, notAnalysed } = new ToyAnalyst().analyse(tree, { folder: 'fs/fuse' });
  const result = applyAllows(findings, units, functions, notAnalysed);
  return { ...result, kept: findings.filter((finding) => !result.suppressed.includes(finding)) };
}

/** A function with these lines in its body. */
const body = (...lines: string[]): string => `int f(void)\n{\n${lines.map((line) => `\t${line}\n`).join('')}}\n`;

describe('an allow comment', () => {
  test.each([
    ['at the end of the line', body('LEAK(fb); // fuse-review: allow leak the caller frees it')],
    ['above the line', body('// fuse-review: allow leak the caller frees it', 'LEAK(fb);')],
    ['above the line, in the other form', body('/* fuse-review: allow leak the caller frees it */', 'LEAK(fb);')],
    ['above other comments above the line', body('// fuse-review: allow leak the caller frees it', '// And so on.', 'LEAK(fb);')],
    ['on several lines', body('/*', ' * fuse-review: allow leak', ' * the caller frees it', ' */', 'LEAK(fb);')],
    ['above the function', `// fuse-review: allow leak the caller frees it\n${body('x();', 'LEAK(fb);')}`],
    ['above the function with an empty line between', `// fuse-review: allow leak the caller frees it\n\n${body('LEAK(fb);')}`],
    [
      'within the comment of the function',
      `/*\n * Opens it.\n *\n * fuse-review: allow leak the caller frees it\n */\n${body('LEAK(fb);')}`,
    ],
  ])('silences its rule %s', (_where, text) => {
    const { kept, suppressed, problems } = allow(text);
    expect(kept).toEqual([]);
    expect(suppressed).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  test.each([
    ['of another rule', body('LEAK(fb); // fuse-review: allow stale-errno the code is right')],
    ['at the end of the line above, which speaks of that line', body('x(); // fuse-review: allow leak the caller frees it', 'LEAK(fb);')],
    ['with an empty line below it', body('// fuse-review: allow leak the caller frees it', '', 'LEAK(fb);')],
    ['above another function', `// fuse-review: allow leak the caller frees it\nint g(void)\n{\n\tx();\n}\n${body('LEAK(fb);')}`],
  ])('silences nothing %s, and says that it can go', (_what, text) => {
    const { kept, problems } = allow(text);
    expect(kept).toHaveLength(1);
    expect(problems).toEqual([expect.objectContaining({ where: 'fs/fuse/backing.c', severity: 'warning' })]);
    expect(problems[0]!.message).toMatch(/nothing of that rule is found here; remove it/);
  });

  test.each([
    ['without a reason', '// fuse-review: allow leak', /gives no reason/],
    ['with a dash for a reason', '/* fuse-review: allow leak - */', /gives no reason/],
    ['without a rule', '// fuse-review: allow', /allows no rule/],
    ['with a rule that does not exist', '// fuse-review: allow leaks the caller frees it', /no rule `leaks`; the rules are leak, /],
    ['with another word', '// fuse-review: ignore leak the caller frees it', /`fuse-review: ignore` is not understood/],
  ])('does not count %s', (_what, comment, said) => {
    const { kept, problems } = allow(body(comment, 'LEAK(fb);'));
    expect(kept).toHaveLength(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ line: 3, severity: 'warning' });
    expect(problems[0]!.message).toMatch(said);
  });

  test('is not meant by prose that mentions it', () => {
    const { kept, problems } = allow(body('/* See the manual on fuse-review: allow leak and its kin. */', 'LEAK(fb);'));
    expect(kept).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  test('silences one of two findings of a rule, where only one is meant', () => {
    const { kept } = allow(body('LEAK(a); // fuse-review: allow leak the caller frees it', 'LEAK(b);'));
    expect(kept.map((finding) => finding.message)).toEqual(['b is lost']);
  });

  test('is not called useless in a function that could not be analysed', () => {
    expect(allow(body('// fuse-review: allow leak the caller frees it', 'ODD();')).problems).toEqual([]);
  });

  test('reads a long line of stars in no time', () => {
    const began = performance.now();
    allow(body(`/* fuse-review: allow leak ${'* '.repeat(200_000)}x */`, 'LEAK(fb);'));
    expect(performance.now() - began).toBeLessThan(5000);
  });
});
