/*
 * The balance is read and written under the lock, so neither change is lost.
 * threads: pay draw
 * verdict: no-error
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

	mutex_lock(&lock);
	before = READ_ONCE(balance);
	balance = before - 3;
	mutex_unlock(&lock);
	return 0;
}
