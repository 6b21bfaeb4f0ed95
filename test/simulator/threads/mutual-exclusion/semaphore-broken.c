/*
 * A semaphore that lets two in. Both are inside, and the second one finds the mark of the first.
 * threads: first second
 * verdict: warning
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
	sema_init(&sem, 2);
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
