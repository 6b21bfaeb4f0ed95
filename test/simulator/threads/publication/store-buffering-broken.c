/*
 * Litmus test SB in which first reads before it writes. First reads 0, second writes and reads 0, first writes.
 * threads: first second
 * verdict: warning
 */
static int x, y;
static int r0, r1;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(r0 == 0 && r1 == 0);
	return 0;
}

long first(void)
{
	r0 = READ_ONCE(y);
	WRITE_ONCE(x, 1);
	return 0;
}

long second(void)
{
	WRITE_ONCE(y, 1);
	r1 = READ_ONCE(x);
	return 0;
}
