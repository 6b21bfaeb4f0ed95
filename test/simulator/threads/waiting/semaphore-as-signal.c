/*
 * The worker writes its result before it lets the waiter through the semaphore.
 * threads: waiter worker
 * verdict: no-error
 */
static struct semaphore sem;
static int result;

long setup(void)
{
	sema_init(&sem, 0);
	return 0;
}

long teardown(void)
{
	return 0;
}

long waiter(void)
{
	down(&sem);
	WARN_ON(READ_ONCE(result) != 1);
	return 0;
}

long worker(void)
{
	WRITE_ONCE(result, 1);
	up(&sem);
	return 0;
}
