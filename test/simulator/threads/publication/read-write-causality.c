/*
 * Litmus test RWC: second saw x but not y, so third's write of y came after the one of x, and third reads x as 1.
 * threads: first second third
 * verdict: no-error
 */
static int x, y;
static int r0, r1, r2;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(r0 == 1 && r1 == 0 && r2 == 0);
	return 0;
}

long first(void)
{
	WRITE_ONCE(x, 1);
	return 0;
}

long second(void)
{
	r0 = READ_ONCE(x);
	r1 = READ_ONCE(y);
	return 0;
}

long third(void)
{
	WRITE_ONCE(y, 1);
	r2 = READ_ONCE(x);
	return 0;
}
