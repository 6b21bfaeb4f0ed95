/*
 * Litmus test CoRR: who read the new value of a word doesn't read the old one after it.
 * threads: writer reader
 * verdict: no-error
 */
static int x;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long writer(void)
{
	WRITE_ONCE(x, 1);
	return 0;
}

long reader(void)
{
	int r0, r1;

	r0 = READ_ONCE(x);
	r1 = READ_ONCE(x);
	WARN_ON(r0 == 1 && r1 == 0);
	return 0;
}
