/*
 * An atomic counter that is read and then set is no atomic increment. Both read 0 and both set 1.
 * threads: first second
 * verdict: warning
 */
static atomic_t n = ATOMIC_INIT(0);

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(atomic_read(&n) != 2);
	return 0;
}

long first(void)
{
	atomic_inc(&n);
	return 0;
}

long second(void)
{
	atomic_set(&n, atomic_read(&n) + 1);
	return 0;
}
