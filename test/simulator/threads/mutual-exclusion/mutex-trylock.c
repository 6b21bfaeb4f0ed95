/*
 * One waits for the mutex, the other tries it and does nothing without it.
 * threads: holder trier
 * verdict: no-error
 */
static DEFINE_MUTEX(lock);
static int inside;

static void critical(void)
{
	WARN_ON(READ_ONCE(inside));
	WRITE_ONCE(inside, 1);
	WRITE_ONCE(inside, 0);
}

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long holder(void)
{
	mutex_lock(&lock);
	critical();
	mutex_unlock(&lock);
	return 0;
}

long trier(void)
{
	int got = mutex_trylock(&lock);

	if (!got)
		return 0;
	critical();
	if (got)
		mutex_unlock(&lock);
	return 0;
}
