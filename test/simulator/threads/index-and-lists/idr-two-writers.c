/*
 * Both put their item into the IDR under one mutex.
 * threads: first second
 * verdict: no-error
 */
static DEFINE_MUTEX(lock);
static DEFINE_IDR(idr);
static int items[2];

long setup(void)
{
	return 0;
}

long teardown(void)
{
	idr_destroy(&idr);
	return 0;
}

long first(void)
{
	mutex_lock(&lock);
	idr_alloc(&idr, &items[0], 1, 0, GFP_KERNEL);
	mutex_unlock(&lock);
	return 0;
}

long second(void)
{
	mutex_lock(&lock);
	idr_alloc(&idr, &items[1], 1, 0, GFP_KERNEL);
	mutex_unlock(&lock);
	return 0;
}
