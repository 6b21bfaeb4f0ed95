/*
 * atomic_inc() is one step, so both increments are counted.
 * threads: first second
 * verdict: no-error
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
	atomic_inc(&n);
	return 0;
}
