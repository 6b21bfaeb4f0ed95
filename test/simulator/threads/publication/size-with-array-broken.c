/*
 * The size is read before the lock is taken. The array is replaced by a smaller one in between.
 * threads: user shrinker
 * verdict: out-of-bounds
 */
static DEFINE_MUTEX(lock);
static long *array;
static int size;

long setup(void)
{
	array = kcalloc(8, sizeof(*array), GFP_KERNEL | __GFP_NOFAIL);
	size = 8;
	return 0;
}

long teardown(void)
{
	kfree(array);
	return 0;
}

long user(void)
{
	int n;

	n = READ_ONCE(size);
	mutex_lock(&lock);
	array[n - 1] = 1;
	mutex_unlock(&lock);
	return 0;
}

long shrinker(void)
{
	long *smaller = kcalloc(2, sizeof(*smaller), GFP_KERNEL | __GFP_NOFAIL);

	mutex_lock(&lock);
	kfree(array);
	array = smaller;
	size = 2;
	mutex_unlock(&lock);
	return 0;
}
