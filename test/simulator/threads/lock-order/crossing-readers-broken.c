/*
 * They take one semaphore for reading and the other one for writing, in opposite orders. Each writer waits for the
 * other's reader.
 * threads: first second
 * verdict: deadlock
 */
static struct rw_semaphore a, b;

long setup(void)
{
	init_rwsem(&a);
	init_rwsem(&b);
	return 0;
}

long teardown(void)
{
	return 0;
}

long first(void)
{
	down_read(&a);
	down_write(&b);
	up_write(&b);
	up_read(&a);
	return 0;
}

long second(void)
{
	down_read(&b);
	down_write(&a);
	up_write(&a);
	up_read(&b);
	return 0;
}
