/*
 * Litmus test WRC in which third reads x before y: it reads x as 0, then first writes x, second reads it and writes y,
 * and third reads y as 1.
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
	r2 = READ_ONCE(x);
	r1 = READ_ONCE(y);
	return 0;
}
