/*
 * Each takes a spinlock, but not the same one. First marks the part as taken, and second finds it so.
 * threads: first second
 * verdict: warning
 */
static DEFINE_SPINLOCK(lock);
static DEFINE_SPINLOCK(other_lock);
static int inside;

static void critical(void)
{
	WARN_ON(inside);
	inside = 1;
	inside = 0;
}

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long first(void)
{
	spin_lock(&lock);
	critical();
	spin_unlock(&lock);
	return 0;
}

long second(void)
{
	spin_lock(&other_lock);
	critical();
	spin_unlock(&other_lock);
	return 0;
}
