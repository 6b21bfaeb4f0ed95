/*
 * The writer changes the record behind the pointer in place. The reader copies where one member is changed and the other
 * isn't.
 * threads: writer reader
 * verdict: warning
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
	was = new_range(2);
	*now = *was;
	return 0;
}

long reader(void)
{
	struct range r = *READ_ONCE(now);

	WARN_ON(r.from != r.to);
	return 0;
}
