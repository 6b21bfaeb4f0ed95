/*
 * The writer has the semaphore only for reading, so a reader is let in between its two writes.
 * threads: writer reader
 * verdict: warning
 */
static struct rw_semaphore sem;
static int from, to;

long setup(void)
{
	init_rwsem(&sem);
	return 0;
}

long teardown(void)
{
	return 0;
}

long writer(void)
{
	down_read(&sem);
	from = 1;
	to = 1;
	up_read(&sem);
	return 0;
}

long reader(void)
{
	down_read(&sem);
	WARN_ON(from != to);
	up_read(&sem);
	return 0;
}
