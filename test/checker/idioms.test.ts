// Right C that is easily taken for wrong: each idiom gives no finding. The helpers are those of docs/rules/README.md.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyntaxParser } from '../../extension/syntax/parser.js';
import { checkSource, helpers, summary } from '../support/check.js';
import { createParser } from '../support/parser.js';

let parser: SyntaxParser;
beforeAll(async () => {
  parser = await createParser();
});
afterAll(() => parser.dispose());

const idioms: readonly (readonly [title: string, code: string])[] = [
  [
    'an extra reference to a parameter is put and the parameter read on',
    `unsigned long f(struct backing *fb)
{
	unsigned long n;

	if (!backing_get(fb))
		return 0;
	n = fb->size;
	backing_put(fb);
	return n + fb->size;
}
`,
  ],
  [
    'another pointer that may be NULL is put',
    `unsigned long f(struct conn *conn, struct backing *fb, int id)
{
	struct backing *other = backing_lookup(conn, id);

	backing_put(other);
	return fb->size;
}
`,
  ],
  [
    'a field is freed and replaced',
    `struct ff { char *name; };
int f(struct ff *ff, const char *name)
{
	char *copy = kstrdup(name, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	kfree(ff->name);
	ff->name = copy;
	return strlen(ff->name);
}
`,
  ],
  [
    'the reference in a field is swapped for another',
    `void f(struct conn *conn, struct backing *fb)
{
	struct backing *old = conn->current_backing;

	conn->current_backing = backing_get(fb);
	backing_put(old);
}
`,
  ],
  [
    'a failed attempt puts and looks up again',
    `int f(struct conn *conn, int id)
{
	struct backing *fb;
	int err, tries = 0;

retry:
	fb = backing_lookup(conn, id);
	if (!fb)
		return -ENOENT;
	err = backing_adopt(conn, fb);
	if (err == -EBUSY && tries++ < 3) {
		backing_put(fb);
		goto retry;
	}
	if (err)
		backing_put(fb);
	return err;
}
`,
  ],
  [
    'a flag says whether the reference is still owned',
    `int f(struct conn *conn, int id, bool keep)
{
	struct backing *fb = backing_lookup(conn, id);
	bool owned = true;

	if (!fb)
		return -ENOENT;
	if (keep) {
		conn->current_backing = fb;
		owned = false;
	}
	if (owned)
		backing_put(fb);
	return 0;
}
`,
  ],
  [
    'an array of references is unwound from where it failed',
    `int f(struct conn *conn, struct backing **all, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		all[i] = backing_lookup(conn, i);
		if (!all[i])
			goto undo;
	}
	return 0;
undo:
	while (--i >= 0)
		backing_put(all[i]);
	return -ENOENT;
}
`,
  ],
  [
    'a reference is handed out through a parameter',
    `int f(struct conn *conn, int id, struct backing **out)
{
	struct backing *fb = backing_lookup(conn, id);

	if (!fb)
		return -ENOENT;
	*out = fb;
	return 0;
}
int g(struct conn *conn, int id)
{
	struct backing *fb;
	int err = f(conn, id, &fb);

	if (err)
		return err;
	backing_put(fb);
	return 0;
}
`,
  ],
  [
    '__free() is called off when the object was published',
    `int f(struct conn *conn, struct file *file)
{
	struct backing *fb __free(kfree) = kzalloc(sizeof(*fb), GFP_KERNEL);
	int id;

	if (!fb)
		return -ENOMEM;
	fb->file = file;
	refcount_set(&fb->count, 1);
	id = backing_publish(conn, fb);
	if (id < 0)
		return id;
	retain_and_null_ptr(fb);
	return id;
}
`,
  ],
  [
    'a switch tells success from failure',
    `int f(struct conn *conn, int id)
{
	struct backing *fb = backing_lookup(conn, id);
	int err;

	if (!fb)
		return -ENOENT;
	switch (backing_adopt(conn, fb)) {
	case 0:
		return 0;
	default:
		backing_put(fb);
		err = -EBUSY;
	}
	return err;
}
`,
  ],
  [
    'only a reference of its own is put',
    `int f(struct conn *conn, struct backing *mine, int id)
{
	struct backing *fb = mine ? mine : backing_lookup(conn, id);
	int err = 0;

	if (!fb)
		return -ENOENT;
	if (fb->size > 3)
		err = -EINVAL;
	if (fb != mine)
		backing_put(fb);
	return err;
}
`,
  ],
  [
    'a buffer that is not always there is freed',
    `int f(struct file *file, int n)
{
	char *buf = NULL;
	int err = 0;

	if (n) {
		buf = kmalloc(n, GFP_KERNEL);
		if (!buf)
			return -ENOMEM;
	}
	if (file->f_flags)
		err = -EINVAL;
	kfree(buf);
	return err;
}
`,
  ],
];

describe('no finding where', () => {
  test.each(idioms)('%s', (_, code) => {
    const result = checkSource(parser, `${helpers}\n${code}`);
    expect(result.notAnalysed).toEqual([]);
    expect(summary(result)).toEqual([]);
  });
});

test('a pointer that is called and that nothing is known of is told as it is written', () => {
  const text = 'struct ops { int (*get)(int x); };\nint f(int x)\n{\n\treturn ops_of(x)->get(x);\n}\n';
  expect(checkSource(parser, text).stats.assumedCallees.map(({ name }) => name)).toEqual(['ops_of', 'ops_of(x)->get']);
});
