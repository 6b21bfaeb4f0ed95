// The path of a finding begins where the matter begins, and tells what it hangs on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { checkSource, helpers } from '../support/check.js';
import { createParser } from '../support/parser.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => parser.dispose());

/** The steps of the only finding. */
function pathOf(code: string): readonly string[] {
  const { findings } = checkSource(parser, `${helpers}\n${code}`);
  expect(findings).toHaveLength(1);
  return findings[0]!.trace.map(({ message }) => message);
}

describe('the path of a NULL dereference', () => {
  test('begins with the initialiser that made it NULL', () => {
    const path = pathOf(`int f(struct conn *conn, int id)
{
	struct backing *other = NULL, *fb = NULL;

	if (id <= 0)
		return -EINVAL;
	if (fb->size)
		return -EBUSY;
	other = backing_lookup(conn, id);
	backing_put(other);
	return 0;
}
`);
    expect(path).toEqual(['fb = NULL', 'id <= 0 is false', 'fb->size']);
  });

  test('begins with the last assignment that did', () => {
    const path = pathOf(`int f(struct conn *conn, int id)
{
	struct backing *fb = backing_lookup(conn, id);

	if (!fb)
		return -ENOENT;
	backing_put(fb);
	fb = NULL;
	return fb->size;
}
`);
    expect(path).toEqual(['fb = NULL', 'fb->size']);
  });

  test('begins with the check where that is what said so', () => {
    const path = pathOf(`int f(struct backing *fb)
{
	if (!fb)
		return fb->size;
	return 0;
}
`);
    expect(path).toEqual(['!fb is true', 'fb->size']);
  });
});
