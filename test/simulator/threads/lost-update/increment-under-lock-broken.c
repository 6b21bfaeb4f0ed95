/*
 * Second counts without the lock. First reads 0 under it, second reads 0 as well, and both write 1.
 * threads: first second
 * verdict: warning
 */
static DEFINE_SPINLOCK(lock);
static int n;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(n != 2);
	return 0;
}

long first(void)
{
	spin_lock(&lock);
	n++;
	spin_unlock(&lock);
	return 0;
}

long second(void)
{
	n++;
	return 0;
}
