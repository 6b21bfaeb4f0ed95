/*
 * Both take the two locks in the same order.
 * threads: first second
 * verdict: no-error
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
	spin_lock(&a);
	spin_lock(&b);
	n++;
	spin_unlock(&b);
	spin_unlock(&a);
	return 0;
}
