/*
 * They take two semaphores in opposite orders, but all for reading, and no writer stands in the way.
 * threads: first second
 * verdict: no-error
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
	down_read(&b);
	up_read(&b);
	up_read(&a);
	return 0;
}

long second(void)
{
	down_read(&b);
	down_read(&a);
	up_read(&a);
	up_read(&b);
	return 0;
}
