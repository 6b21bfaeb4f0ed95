/*
 * The writer has the semaphore for writing, so no reader sees one member changed and the other not.
 * threads: writer reader
 * verdict: no-error
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
	down_write(&sem);
	from = 1;
	to = 1;
	up_write(&sem);
	return 0;
}

long reader(void)
{
	down_read(&sem);
	WARN_ON(from != to);
	up_read(&sem);
	return 0;
}
