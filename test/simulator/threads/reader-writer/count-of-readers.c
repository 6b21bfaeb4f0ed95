/*
 * A count of readers is -1 while the writer is in. A reader comes in, in one step, only where it isn't negative.
 * threads: writer reader
 * verdict: no-error
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
	return atomic_inc_unless_negative(&readers);
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
