/*
 * Litmus test R with first's writes the other way round. First writes y, second writes y and reads x as 0, first writes
 * x.
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
	WARN_ON(y == 2 && r0 == 0);
	return 0;
}

long first(void)
{
	WRITE_ONCE(y, 1);
	WRITE_ONCE(x, 1);
	return 0;
}

long second(void)
{
	WRITE_ONCE(y, 2);
	r0 = READ_ONCE(x);
	return 0;
}
