/*
 * A record of two words is written and copied without a lock. The copy has one word of before and one of after.
 * threads: writer reader
 * verdict: warning
 */
struct range {
	unsigned long from;
	unsigned long to;
};

static struct range range;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long writer(void)
{
	range = (struct range){ 1, 1 };
	return 0;
}

long reader(void)
{
	struct range r = range;

	WARN_ON(r.from != r.to);
	return 0;
}
