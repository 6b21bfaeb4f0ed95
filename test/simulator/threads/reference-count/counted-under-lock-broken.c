/*
 * Whether it was the last one is found out after the lock was left. Both go down, and then both read 0.
 * threads: first second
 * verdict: double-free
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
	spin_unlock(&lock);
	left = READ_ONCE(users);
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
