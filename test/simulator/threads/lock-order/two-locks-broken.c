/*
 * They take the two locks in opposite orders. Each has its first one and waits for the other's.
 * threads: first second
 * verdict: deadlock
 */
static DEFINE_SPINLOCK(a);
static DEFINE_SPINLOCK(b);
static int n;

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
	spin_lock(&a);
	spin_lock(&b);
	n++;
	spin_unlock(&b);
	spin_unlock(&a);
	return 0;
}

long second(void)
{
	spin_lock(&b);
	spin_lock(&a);
	n++;
	spin_unlock(&a);
	spin_unlock(&b);
	return 0;
}
