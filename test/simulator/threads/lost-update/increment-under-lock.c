/*
 * Two increments of a plain counter under one lock are both counted.
 * threads: first second
 * verdict: no-error
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
	spin_lock(&lock);
	n++;
	spin_unlock(&lock);
	return 0;
}
