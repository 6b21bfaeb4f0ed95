/*
 * Litmus test CoRR with the two reads the other way round: the first read is of before the write and the second is of
 * after it.
 * threads: writer reader
 * verdict: warning
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

	r1 = READ_ONCE(x);
	r0 = READ_ONCE(x);
	WARN_ON(r0 == 1 && r1 == 0);
	return 0;
}
