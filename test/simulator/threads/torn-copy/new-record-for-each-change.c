/*
 * The record behind the pointer is never changed: the writer fills a new one and swaps the pointer in one step, so each
 * copy is of one whole record. The old one is freed at the end.
 * threads: writer reader
 * verdict: no-error
 */
struct range {
	long from;
	long to;
};

static struct range *now, *was;

static struct range *new_range(long at)
{
	struct range *r = kzalloc(sizeof(*r), GFP_KERNEL | __GFP_NOFAIL);

	r->from = at;
	r->to = at;
	return r;
}

long setup(void)
{
	now = new_range(1);
	return 0;
}

long teardown(void)
{
	kfree(now);
	kfree(was);
	return 0;
}

long writer(void)
{
	was = xchg(&now, new_range(2));
	return 0;
}

long reader(void)
{
	struct range r = *READ_ONCE(now);

	WARN_ON(r.from != r.to);
	return 0;
}
