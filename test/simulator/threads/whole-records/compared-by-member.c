/*
 * The record is replaced as a whole under the lock that it's compared with another copy of it under.
 * threads: writer reader
 * verdict: no-error
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

	spin_lock(&lock);
	now = id;
	spin_unlock(&lock);
	WARN_ON(!same(&before, now) && !same(&after, now));
	return 0;
}
