/*
 * Two writers of a sequence counter don't exclude each other. The second one makes it even while both are at it.
 * threads: first second reader
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

static void write_both(int v)
{
	WRITE_ONCE(sequence, READ_ONCE(sequence) + 1);
	WRITE_ONCE(from, v);
	WRITE_ONCE(to, v);
	WRITE_ONCE(sequence, READ_ONCE(sequence) + 1);
}

long first(void)
{
	write_both(1);
	return 0;
}

long second(void)
{
	write_both(2);
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
