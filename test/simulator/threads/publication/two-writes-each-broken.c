/*
 * Litmus test 2+2W with both threads writing in the same order. First writes y, second writes y and x, first writes x.
 * threads: first second
 * verdict: warning
 */
static int x, y;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(x == 1 && y == 1);
	return 0;
}

long first(void)
{
	WRITE_ONCE(y, 2);
	WRITE_ONCE(x, 1);
	return 0;
}

long second(void)
{
	WRITE_ONCE(y, 1);
	WRITE_ONCE(x, 2);
	return 0;
}
