/*
 * Both take the same spinlock around the part that only one may be in.
 * threads: first second
 * verdict: no-error
 */
static DEFINE_SPINLOCK(lock);
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
	spin_lock(&lock);
	critical();
	spin_unlock(&lock);
	return 0;
}
