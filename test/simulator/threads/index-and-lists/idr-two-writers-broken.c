/*
 * Second puts its item into the IDR without the mutex, while first is at it.
 * threads: first second
 * verdict: index-without-lock
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
	idr_alloc(&idr, &items[1], 1, 0, GFP_KERNEL);
	return 0;
}
