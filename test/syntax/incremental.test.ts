import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { originOf, shiftSpans } from '../../extension/syntax/shift.js';
import { allOptions, createParser } from '../support/parser.js';

let parser: SyntaxParser;
let other: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
  other = await createParser();
});
afterAll(() => {
  parser.dispose();
  other.dispose();
});

const sample = `// SPDX-License-Identifier: GPL-2.0
#include "fuse_i.h"
#define LIMIT 8

struct fuse_backing {
	struct file *file;
	refcount_t count;
};

struct fuse_backing *fuse_backing_get(struct fuse_backing *fb)
{
	if (fb && refcount_inc_not_zero(&fb->count))
		return fb;
	return NULL;
}

#ifdef CONFIG_FUSE_PASSTHROUGH
static void fuse_backing_free(struct fuse_backing *fb)
{
	pr_debug("%s: fb=0x%p\\n", __func__, fb); /* 🐧 */
	if (fb->file)
		fput(fb->file);
	kfree_rcu(fb, rcu);
}
#endif

int fuse_backing_open(struct fuse_conn *fc, struct fuse_backing_map *map)
{
	struct fuse_backing *fb __free(kfree) = NULL;
	int res;

	list_for_each_entry(fb, &fc->list, entry) {
		if (fb->file == map->file)
			goto out;
	}
	scoped_guard(spinlock, &fc->lock)
		res = idr_alloc_cyclic(&fc->map, fb, 1, 0, GFP_ATOMIC);
	switch (res) {
	case 0 ... 3:
		break;
	default:
		return -EINVAL;
	}
out:
	return res;
}
EXPORT_SYMBOL_GPL(fuse_backing_open);
`;

/** An edit is told by fractions of the text, so that it fits whatever text came before. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 200 })),
  insert: fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '\n',
      ';',
      '{',
      '}',
      '(',
      ')',
      '"',
      '/*',
      '*/',
      '#if 0\n',
      '#endif\n',
      'x',
      '*',
      '🐧',
      'if (a) ',
      'return 0;\n',
      'int g(void) { return 1; }\n',
    ),
    fc.string({ maxLength: 6 }),
  ),
});

function apply(text: string, { at, remove, insert }: { at: number; remove: number; insert: string }): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + insert + text.slice(start + remove);
}

describe('after edits', () => {
  test('a parse says the same as a parse from nothing', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
        parser.forget('x.c');
        let text = sample;
        parser.parse('x.c', text, allOptions);
        for (const each of edits) {
          text = apply(text, each);
          other.forget('x.c');
          expect(parser.parse('x.c', text, allOptions)).toEqual(other.parse('x.c', text, allOptions));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('declarations that did not change', () => {
  test('are the same objects, whatever changed after them', () => {
    const before = parser.parse('a.c', sample, allOptions);
    const after = parser.parse('a.c', `${sample}int more;\n`, allOptions);
    for (const [at, declaration] of before.declarations.entries()) expect(after.declarations[at]).toBe(declaration);
    expect(after.declarations).toHaveLength(before.declarations.length + 1);
  });

  test('that moved tell where they came from, however often they moved', () => {
    parser.forget('a.c');
    const before = parser.parse('a.c', sample, allOptions);
    for (let lines = 1; lines < 4; lines++) {
      const after = parser.parse('a.c', '\n'.repeat(lines) + sample, allOptions);
      for (const [at, declaration] of before.declarations.entries()) {
        const moved = after.declarations[at];
        if (moved === undefined) throw new Error('a declaration was lost');
        expect(originOf(moved)).toEqual({ declaration, by: lines });
        expect(originOf(moved).declaration).toBe(declaration);
        expect(moved).toEqual(shiftSpans(declaration, lines));
      }
    }
  });

  test('are not kept when the function around the edit changed', () => {
    const before = parser.parse('a.c', sample, allOptions);
    const after = parser.parse('a.c', sample.replace('return fb;', 'return fb ;'), allOptions);
    expect(after.declarations[0]).toBe(before.declarations[0]);
    expect(after.declarations[1]).not.toBe(before.declarations[1]);
  });
});

describe('forgetting', () => {
  test('starts a file anew', () => {
    const before = parser.parse('b.c', sample, allOptions);
    parser.forget('b.c');
    const after = parser.parse('b.c', sample, allOptions);
    expect(after).toEqual(before);
    expect(after.declarations[0]).not.toBe(before.declarations[0]);
  });
});
