/*
 * The record is compared without the lock. One member is compared before it's replaced and the other one after.
 * threads: writer reader
 * verdict: warning
 */
struct id {
	long major;
	long minor;
};

static DEFINE_SPINLOCK(lock);
static struct id id = { 1, 1 };
static const struct id before = { 1, 1 }, after = { 2, 2 };

static int same(const struct id *x, struct id y)
{
	return x->major == y.major && x->minor == y.minor;
}

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
	spin_lock(&lock);
	id = after;
	spin_unlock(&lock);
	return 0;
}

long reader(void)
{
	struct id now;

	now = id;
	WARN_ON(!same(&before, now) && !same(&after, now));
	return 0;
}
