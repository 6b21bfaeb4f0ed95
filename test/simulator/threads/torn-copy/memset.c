/*
 * A record is erased by memset() under the lock that it is read under.
 * threads: eraser reader
 * verdict: no-error
 */
struct range {
	long from;
	long to;
};

static DEFINE_MUTEX(lock);
static struct range range = { 5, 5 };

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long eraser(void)
{
	mutex_lock(&lock);
	memset(&range, 0, sizeof(range));
	mutex_unlock(&lock);
	return 0;
}

long reader(void)
{
	mutex_lock(&lock);
	WARN_ON(READ_ONCE(range.from) != READ_ONCE(range.to));
	mutex_unlock(&lock);
	return 0;
}
