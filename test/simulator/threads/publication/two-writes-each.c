/*
 * Litmus test 2+2W: both words can't end with the value that was written first, as each thread's second write would have
 * to come before the other's first one.
 * threads: first second
 * verdict: no-error
 */
static int x, y;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(x == 1 && y == 1);
	return 0;
}

long first(void)
{
	WRITE_ONCE(x, 1);
	WRITE_ONCE(y, 2);
	return 0;
}

long second(void)
{
	WRITE_ONCE(y, 1);
	WRITE_ONCE(x, 2);
	return 0;
}
