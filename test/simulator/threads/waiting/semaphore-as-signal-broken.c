/*
 * The worker lets the waiter through the semaphore before it writes its result.
 * threads: waiter worker
 * verdict: warning
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
	up(&sem);
	WRITE_ONCE(result, 1);
	return 0;
}
