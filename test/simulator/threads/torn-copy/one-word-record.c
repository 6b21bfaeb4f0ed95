/*
 * A record of one word is written and copied without a lock: a word is read in one step, so both halves of it are of one
 * time.
 * threads: writer reader
 * verdict: no-error
 */
struct range {
	unsigned long both;
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
	range = (struct range){ 0x00010001 };
	return 0;
}

long reader(void)
{
	struct range r = range;

	WARN_ON((r.both >> 16) != (r.both & 0xffff));
	return 0;
}
