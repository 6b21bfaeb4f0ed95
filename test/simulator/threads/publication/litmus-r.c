/*
 * Litmus test R: where second's write of y is the last one, first wrote x before it, so second reads 1.
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
	WARN_ON(y == 2 && r0 == 0);
	return 0;
}

long first(void)
{
	WRITE_ONCE(x, 1);
	WRITE_ONCE(y, 1);
	return 0;
}

long second(void)
{
	WRITE_ONCE(y, 2);
	r0 = READ_ONCE(x);
	return 0;
}
