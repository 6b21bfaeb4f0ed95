/*
 * Litmus test IRIW: two readers see two independent writes in one order, so not each can see the one that the other one
 * misses.
 * threads: write_x write_y x_first y_first
 * verdict: no-error
 */
static int x, y;
static int r0, r1, r2, r3;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(r0 == 1 && r1 == 0 && r2 == 1 && r3 == 0);
	return 0;
}

long write_x(void)
{
	WRITE_ONCE(x, 1);
	return 0;
}

long write_y(void)
{
	WRITE_ONCE(y, 1);
	return 0;
}

long x_first(void)
{
	r0 = READ_ONCE(x);
	r1 = READ_ONCE(y);
	return 0;
}

long y_first(void)
{
	r2 = READ_ONCE(y);
	r3 = READ_ONCE(x);
	return 0;
}
