/*
 * Litmus test LB in which first writes before it reads. First writes, second reads 1 and writes, first reads 1.
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
	WARN_ON(r0 == 1 && r1 == 1);
	return 0;
}

long first(void)
{
	WRITE_ONCE(y, 1);
	r0 = READ_ONCE(x);
	return 0;
}

long second(void)
{
	r1 = READ_ONCE(y);
	WRITE_ONCE(x, 1);
	return 0;
}
