/*
 * A record is erased by memset() without the lock. The reader comes where one member is erased and the other isn't.
 * threads: eraser reader
 * verdict: warning
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
	memset(&range, 0, sizeof(range));
	return 0;
}

long reader(void)
{
	mutex_lock(&lock);
	WARN_ON(READ_ONCE(range.from) != READ_ONCE(range.to));
	mutex_unlock(&lock);
	return 0;
}
