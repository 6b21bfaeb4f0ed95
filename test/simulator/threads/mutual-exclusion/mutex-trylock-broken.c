/*
 * The one that only tries the mutex goes on without it. Holder has marked the part as taken, and trier finds it so.
 * threads: holder trier
 * verdict: warning
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

	critical();
	if (got)
		mutex_unlock(&lock);
	return 0;
}
