/*
 * Litmus test SB: each writes its own word and then reads the other's. One of the writes is the later one, and who made
 * it reads 1.
 * threads: first second
 * verdict: no-error
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
	WRITE_ONCE(x, 1);
	r0 = READ_ONCE(y);
	return 0;
}

long second(void)
{
	WRITE_ONCE(y, 1);
	r1 = READ_ONCE(x);
	return 0;
}
