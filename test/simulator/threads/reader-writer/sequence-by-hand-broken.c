/*
 * The reader doesn't look whether the sequence is odd. It begins and ends inside the writer, and sees half of it.
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

	f = READ_ONCE(from);
	t = READ_ONCE(to);
	if (READ_ONCE(sequence) != before)
		return 0;
	WARN_ON(f != t);
	return 0;
}
