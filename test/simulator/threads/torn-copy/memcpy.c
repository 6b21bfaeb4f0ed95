/*
 * A record is written and read by memcpy(), both under one lock.
 * threads: writer reader
 * verdict: no-error
 */
struct range {
	long from;
	long to;
};

static DEFINE_SPINLOCK(lock);
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
	struct range r = { 1, 1 };

	spin_lock(&lock);
	memcpy(&range, &r, sizeof(range));
	spin_unlock(&lock);
	return 0;
}

long reader(void)
{
	struct range r;

	spin_lock(&lock);
	memcpy(&r, &range, sizeof(r));
	spin_unlock(&lock);
	WARN_ON(r.from != r.to);
	return 0;
}
