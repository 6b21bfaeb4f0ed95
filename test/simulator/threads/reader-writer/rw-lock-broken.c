/*
 * Both count under the lock for reading, and are in at the same time: both read 0 and write 1.
 * threads: first second
 * verdict: warning
 */
static rwlock_t lock;
static int n;

long setup(void)
{
	rwlock_init(&lock);
	return 0;
}

long teardown(void)
{
	WARN_ON(n != 2);
	return 0;
}

static void count(void)
{
	read_lock(&lock);
	n++;
	read_unlock(&lock);
}

long first(void)
{
	count();
	return 0;
}

long second(void)
{
	count();
	return 0;
}
