/*
 * The balance is read before the lock is taken. Draw reads 10, pay makes it 15, and draw writes 7.
 * threads: pay draw
 * verdict: warning
 */
static DEFINE_MUTEX(lock);
static long balance = 10;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(balance != 12);
	return 0;
}

long pay(void)
{
	mutex_lock(&lock);
	balance += 5;
	mutex_unlock(&lock);
	return 0;
}

long draw(void)
{
	long before;

	before = READ_ONCE(balance);
	mutex_lock(&lock);
	balance = before - 3;
	mutex_unlock(&lock);
	return 0;
}
