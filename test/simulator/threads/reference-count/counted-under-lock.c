/*
 * A plain count of users goes down under a lock, and whether it was the last one is found out under it too.
 * threads: first second
 * verdict: no-error
 */
static DEFINE_SPINLOCK(lock);
static int users = 2;
static int *buffer;

long setup(void)
{
	buffer = kzalloc(sizeof(*buffer), GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	return 0;
}

static void close_one(void)
{
	int left;

	spin_lock(&lock);
	users--;
	left = READ_ONCE(users);
	spin_unlock(&lock);
	if (!left)
		kfree(buffer);
}

long first(void)
{
	close_one();
	return 0;
}

long second(void)
{
	close_one();
	return 0;
}
