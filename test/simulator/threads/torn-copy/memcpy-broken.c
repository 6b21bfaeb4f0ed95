/*
 * The writer's memcpy() isn't under the reader's lock. The reader copies where one member is written and the other
 * isn't.
 * threads: writer reader
 * verdict: warning
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

	memcpy(&range, &r, sizeof(range));
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
