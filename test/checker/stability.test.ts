// A finding depends on the program and on nothing else: not on what was checked before, and its id not on where lines stand.
import { kernelLoader } from '../../extension/kernel/loader.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlainAnalysed } from '../../extension/checker/analysed.js';
import { Checker } from '../../extension/checker/check.js';
import type { CheckResult } from '../../extension/model/finding.js';
import type { SourceTree } from '../../extension/model/source.js';
import { overlayTree } from '../../extension/patch/overlay-tree.js';
import type { ProgramLoader } from '../../extension/program/load.js';
import type { Program } from '../../extension/program/program.js';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { fuse } from '../support/fuse.js';
import { memoryTree } from '../support/memory-tree.js';
import { extentOf } from '../support/edits.js';
import { createParser } from '../support/parser.js';
import { describeWithTree } from '../support/trees.js';
import { mutatedTree } from './mutate.js';
import { backingBugs } from './mutations.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => parser.dispose());

/** Without the time that it took. */
const timeless = (result: CheckResult): CheckResult => ({ ...result, stats: { ...result.stats, milliseconds: 0 } });

/** Two flaws that are told in the same words, and one of another kind. */
const flawed = `struct item {
	struct file *file;
	int size;
};

static int item_size(struct item *item, int fd)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	if (item->size < 0)
		return -EINVAL;
	if (item->size > 4096)
		return -E2BIG;
	fput(file);
	return 0;
}

static struct item *item_new(int fd)
{
	struct item *item = kzalloc(sizeof(*item), GFP_KERNEL);

	item->file = fget(fd);
	if (!item->file) {
		kfree(item);
		return NULL;
	}
	return item;
}
`;
const lines = flawed.split('\n');
const insertion = fc.constantFrom('', '\t', '/* a comment with fput(file); in it */', '\t/*\n\t * two\n\t * lines\n\t */', '// goto out;');

describe('ids', () => {
  const check = (text: string): CheckResult => {
    const tree = memoryTree({ 'fs/fuse/test.c': text });
    return new Checker().check(kernelLoader(parser).load(tree, { folder: 'fs/fuse', headers: fuse.headers, config: new Map() }));
  };
  const told = (result: CheckResult): unknown => result.findings.map(({ id, rule, function: name, message }) => [id, rule, name, message]);

  test('stay while blank lines and comments come between the lines of the file', () => {
    const before = check(flawed);
    expect(before.findings.length).toBeGreaterThanOrEqual(3);
    expect(new Set(before.findings.map(({ id }) => id)).size).toBe(before.findings.length);
    const insertions = fc.array(fc.tuple(fc.nat({ max: lines.length }), insertion), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(insertions, (all) => {
        const now = [...lines];
        for (const [at, text] of [...all].sort((a, b) => b[0] - a[0])) now.splice(at, 0, text);
        const text = now.join('\n');
        const after = check(text);
        expect(told(after)).toEqual(told(before));
        after.findings.forEach((finding, index) => {
          const old = before.findings[index]!;
          expect(text.slice(finding.span.start, finding.span.end)).toBe(flawed.slice(old.span.start, old.span.end));
          expect(finding.line).toBe(text.slice(0, finding.span.start).split('\n').length);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('stay when the function moves to another file', () => {
    const { start, end } = extentOf(flawed, 'item_size');
    const apart = memoryTree({
      'fs/fuse/a.c': flawed.slice(0, start) + flawed.slice(end),
      'fs/fuse/b.c': `#include "a.h"\n\n${flawed.slice(start, end)}\n`,
    });
    const moved = new Checker().check(kernelLoader(parser).load(apart, { folder: 'fs/fuse', headers: fuse.headers, config: new Map() }));
    const ids = (result: CheckResult): string[] => result.findings.map(({ id }) => id).sort();
    expect(ids(moved)).toEqual(ids(check(flawed)));
  });
});

describeWithTree('linux-7.2', 'a check', (tree) => {
  let loader: ProgramLoader;
  const load = (of: SourceTree): Program => loader.load(of, { folder: 'fs/fuse', headers: fuse.headers, config: new Map() });
  const warm = new Checker();
  beforeAll(() => {
    loader = kernelLoader(parser);
  });

  test('says the same twice, with the same checker and with another', () => {
    const program = load(tree);
    const first = timeless(warm.check(program));
    expect(timeless(warm.check(program))).toEqual(first);
    expect(timeless(new Checker().check(program))).toEqual(first);
  });

  // One bug of each function, so that callers are checked again, and the tree as it was in between.
  const edits = [...new Map(backingBugs.map((bug) => [`${bug.file} ${bug.function}`, bug])).values()];
  test.each(edits.map((bug) => ({ ...bug, bug })))('after an edit of $function says what a fresh one says', ({ bug }) => {
    const edited = load(mutatedTree(tree, bug));
    const again = timeless(warm.check(edited));
    const fresh = timeless(
      new Checker().check(
        kernelLoader(parser).load(mutatedTree(tree, bug), { folder: 'fs/fuse', headers: fuse.headers, config: new Map() }),
      ),
    );
    expect(again).toEqual(fresh);
  });

  describe('that is known from another process', () => {
    const fresh = (): ((of: SourceTree) => Program) => {
      const other = kernelLoader(parser);
      return (of) => other.load(of, { folder: 'fs/fuse', headers: fuse.headers, config: new Map() });
    };
    const known = (): readonly PlainAnalysed[] => {
      const [checker, program] = [new Checker(), fresh()(tree)];
      checker.check(program);
      return JSON.parse(JSON.stringify(checker.analysed(program))) as readonly PlainAnalysed[];
    };

    test('says the same, and is written down the same', () => {
      const [program, told] = [fresh()(tree), known()];
      const checker = new Checker();
      const result = checker.check(program, { known: told });
      expect(timeless(result)).toEqual(timeless(new Checker().check(fresh()(tree))));
      expect(checker.analysed(program)).toEqual(told);
    });

    test('says of an edited tree what a fresh one says', { timeout: 300_000 }, () => {
      const told = known();
      for (const bug of edits) {
        const [load, checker] = [fresh(), new Checker()];
        checker.check(load(tree), { known: told });
        expect(timeless(checker.check(load(mutatedTree(tree, bug))))).toEqual(
          timeless(new Checker().check(fresh()(mutatedTree(tree, bug)))),
        );
      }
    });

    test('is not taken for another program', () => {
      const told = known();
      const program = fresh()(mutatedTree(tree, edits[0]!));
      const right = timeless(new Checker().check(program));
      expect(timeless(new Checker().check(program, { known: told.slice(1) }))).toEqual(right);
      expect(timeless(new Checker().check(program, { known: [...told].reverse() }))).toEqual(right);
    });
  });

  test('says after all edits are taken back what it said before them', () => {
    const back = overlayTree(tree, new Map(), 'taken back');
    expect(timeless(warm.check(load(back)))).toEqual(timeless(new Checker().check(load(tree))));
  });
});
