/*
 * Litmus test RWC in which third reads x before it writes y: it reads 0, first writes x, second reads x as 1 and y as 0.
 * threads: first second third
 * verdict: warning
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
	r2 = READ_ONCE(x);
	WRITE_ONCE(y, 1);
	return 0;
}
