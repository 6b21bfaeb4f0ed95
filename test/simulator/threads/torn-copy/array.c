/*
 * An array is filled and copied under one lock.
 * threads: writer reader
 * verdict: no-error
 */
static DEFINE_SPINLOCK(lock);
static long table[3];

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
	long all[3] = { 4, 4, 4 };

	spin_lock(&lock);
	memcpy(table, all, sizeof(table));
	spin_unlock(&lock);
	return 0;
}

long reader(void)
{
	long copy[3];

	spin_lock(&lock);
	memcpy(copy, table, sizeof(copy));
	spin_unlock(&lock);
	WARN_ON(copy[0] != copy[1] || copy[1] != copy[2]);
	return 0;
}
