/*
 * A reader compares the count with 0 and then adds itself. The writer comes in between, and both are in.
 * threads: writer reader
 * verdict: warning
 */
static atomic_t readers = ATOMIC_INIT(0);
static int from, to;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

static int reader_enters(void)
{
	if (atomic_read(&readers) < 0)
		return 0;
	atomic_inc(&readers);
	return 1;
}

long writer(void)
{
	if (atomic_cmpxchg(&readers, 0, -1) != 0)
		return 0;
	WRITE_ONCE(from, 1);
	WRITE_ONCE(to, 1);
	atomic_inc(&readers);
	return 0;
}

long reader(void)
{
	if (!reader_enters())
		return 0;
	WARN_ON(READ_ONCE(from) != READ_ONCE(to));
	atomic_dec(&readers);
	return 0;
}
