/*
 * Litmus test LB: each reads the other's word and then writes its own. The one that reads 1 first would have to read a
 * write that comes after it.
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
	WARN_ON(r0 == 1 && r1 == 1);
	return 0;
}

long first(void)
{
	r0 = READ_ONCE(x);
	WRITE_ONCE(y, 1);
	return 0;
}

long second(void)
{
	r1 = READ_ONCE(y);
	WRITE_ONCE(x, 1);
	return 0;
}
