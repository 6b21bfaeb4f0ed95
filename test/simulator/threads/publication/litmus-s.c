/*
 * Litmus test S: where second reads y as 1, first's write of x came before, so second's write of x is the last one.
 * threads: first second
 * verdict: no-error
 */
static int x, y;
static int r0;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(r0 == 1 && x == 2);
	return 0;
}

long first(void)
{
	WRITE_ONCE(x, 2);
	WRITE_ONCE(y, 1);
	return 0;
}

long second(void)
{
	r0 = READ_ONCE(y);
	WRITE_ONCE(x, 1);
	return 0;
}
