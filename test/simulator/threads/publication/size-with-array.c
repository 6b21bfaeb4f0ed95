/*
 * The array and its size are read under the lock that they are replaced under.
 * threads: user shrinker
 * verdict: no-error
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

	mutex_lock(&lock);
	n = READ_ONCE(size);
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
