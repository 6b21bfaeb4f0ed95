/*
 * Both count under the lock for writing.
 * threads: first second
 * verdict: no-error
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
	write_lock(&lock);
	n++;
	write_unlock(&lock);
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
