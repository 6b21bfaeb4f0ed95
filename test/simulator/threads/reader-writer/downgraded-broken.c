/*
 * The writer leaves the semaphore and takes it again for reading. The other writer comes in between.
 * threads: first second
 * verdict: warning
 */
static struct rw_semaphore sem;
static int last;

long setup(void)
{
	init_rwsem(&sem);
	return 0;
}

long teardown(void)
{
	return 0;
}

static void write_and_check(int me)
{
	down_write(&sem);
	last = me;
	up_write(&sem);
	down_read(&sem);
	WARN_ON(last != me);
	up_read(&sem);
}

long first(void)
{
	write_and_check(1);
	return 0;
}

long second(void)
{
	write_and_check(2);
	return 0;
}
