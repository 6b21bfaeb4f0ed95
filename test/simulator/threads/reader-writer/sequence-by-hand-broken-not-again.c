/*
 * The reader doesn't look at the sequence again. The writer begins after its look.
 * threads: writer reader
 * verdict: warning
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
	WARN_ON(f != t);
	return 0;
}
