/*
 * Second takes the locks in the other order and waits for both. First has a and waits for b, which second has.
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
