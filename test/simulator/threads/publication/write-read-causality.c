/*
 * Litmus test WRC: third reads y as written by second after first's write of x was read there, so third reads x as 1.
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
	WARN_ON(r0 == 1 && r1 == 1 && r2 == 0);
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
	WRITE_ONCE(y, 1);
	return 0;
}

long third(void)
{
	r1 = READ_ONCE(y);
	r2 = READ_ONCE(x);
	return 0;
}
