/*
 * A semaphore that lets one in at a time.
 * threads: first second
 * verdict: no-error
 */
static struct semaphore sem;
static int inside;

static void critical(void)
{
	WARN_ON(READ_ONCE(inside));
	WRITE_ONCE(inside, 1);
	WRITE_ONCE(inside, 0);
}

long setup(void)
{
	sema_init(&sem, 1);
	return 0;
}

long teardown(void)
{
	return 0;
}

long first(void)
{
	down(&sem);
	critical();
	up(&sem);
	return 0;
}

long second(void)
{
	down(&sem);
	critical();
	up(&sem);
	return 0;
}
