/*
 * Litmus test S with first's writes the other way round. First writes y, second reads 1 and writes x, first writes x.
 * threads: first second
 * verdict: warning
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
	WRITE_ONCE(y, 1);
	WRITE_ONCE(x, 2);
	return 0;
}

long second(void)
{
	r0 = READ_ONCE(y);
	WRITE_ONCE(x, 1);
	return 0;
}
