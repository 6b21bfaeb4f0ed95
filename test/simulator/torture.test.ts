// The simulator on a tenth of gcc's torture tests: none may be wrong or hang.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withPrototypes } from '../benchmarks/old-style.js';
import type { TortureResult } from '../benchmarks/torture-programs.js';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, '.cache/gcc-torture/execute');
const missing = existsSync(folder) ? null : 'gcc’s torture tests are missing: node scripts/torture.mjs gets them';

/** Once wrong, each for a reason of its own. */
const mended = ['20021127-1', 'align-3', 'builtin-types-compatible-p'];

describe.skipIf(missing !== null)(`gcc's torture tests${missing === null ? '' : ` (${missing})`}`, () => {
  test('are answered right, or it is said why not', { timeout: 120_000 }, () => {
    const all = readdirSync(folder)
      .flatMap((name) => (name.endsWith('.c') ? [name.slice(0, -2)] : []))
      .sort();
    const names = [...new Set([...all.filter((_, at) => at % 10 === 3), ...mended])];
    const bench = ['scripts/run-ts.mjs', 'test/benchmarks/torture.ts', '--json', ...names];
    const results = JSON.parse(execFileSync(process.execPath, bench, { cwd: root, encoding: 'utf8' })) as TortureResult[];
    expect(results).toHaveLength(names.length);
    const different = results.filter(({ verdict }) => verdict === 'wrong' || verdict === 'hangs');
    expect(different.map(({ name, verdict, what }) => `${name}: ${verdict}: ${what}`)).toEqual([]);
    expect(results.filter(({ verdict }) => verdict === 'right').length).toBeGreaterThan(names.length / 2);
  });
});

describe('definitions from before C had prototypes', () => {
  test.each([
    ['f (a, b) int a; char *b;\n{ }', 'int f (int a, char *b)\n{ }'],
    ['char *f (a) { }', 'char *f (int a)\n{ }'],
    ['static f (p, n)\n  struct s *p;\n  unsigned n, m[3], (*g) ();\n{ }', 'static int f (struct s *p, unsigned n)\n{ }'],
    ['main () { f (1); }', 'int main () { f (1); }'],
    ['f (short *p) { }', 'int f (short *p) { }'],
    ['int f (int a) { return g (a); }', 'int f (int a) { return g (a); }'],
    ['static void __attribute__ ((noinline)) f (x) int x; { }', 'static void __attribute__ ((noinline)) f (int x)\n{ }'],
    ['int a[] = { f (1) };\nstruct s { int n; };', 'int a[] = { f (1) };\nstruct s { int n; };'],
  ])('%s', (old, made) => {
    expect(withPrototypes(old).replace(/\s+/g, ' ')).toBe(made.replace(/\s+/g, ' '));
  });
});
