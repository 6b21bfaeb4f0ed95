/*
 * The sequence is odd while the writer is at it. A reader that finds it even and the same afterwards had no writer
 * beside it.
 * threads: writer reader
 * verdict: no-error
 */
static unsigned int sequence;
static int from, to;

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
	WRITE_ONCE(sequence, 1);
	WRITE_ONCE(from, 1);
	WRITE_ONCE(to, 1);
	WRITE_ONCE(sequence, 2);
	return 0;
}

long reader(void)
{
	unsigned int before = READ_ONCE(sequence);
	int f, t;

	if (before & 1)
		return 0;
	f = READ_ONCE(from);
	t = READ_ONCE(to);
	if (READ_ONCE(sequence) != before)
		return 0;
	WARN_ON(f != t);
	return 0;
}
