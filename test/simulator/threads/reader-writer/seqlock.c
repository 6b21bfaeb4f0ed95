/*
 * What was read beside a writer is thrown away when read_seqretry() says so.
 * threads: writer reader
 * verdict: no-error
 */
static seqlock_t lock;
static int from, to;

long setup(void)
{
	seqlock_init(&lock);
	return 0;
}

long teardown(void)
{
	return 0;
}

long writer(void)
{
	write_seqlock(&lock);
	WRITE_ONCE(from, 1);
	WRITE_ONCE(to, 1);
	write_sequnlock(&lock);
	return 0;
}

long reader(void)
{
	unsigned int seq = read_seqbegin(&lock);
	int f = READ_ONCE(from);
	int t = READ_ONCE(to);
	int again = read_seqretry(&lock, seq);

	if (again)
		return 0;
	WARN_ON(f != t);
	return 0;
}
