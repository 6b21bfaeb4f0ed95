/*
 * The remover doesn't take the mutex, while the adder is at it.
 * threads: adder remover
 * verdict: index-without-lock
 */
static DEFINE_MUTEX(lock);
static DEFINE_IDR(idr);
static int items[2];
static int id;

long setup(void)
{
	id = idr_alloc(&idr, &items[0], 1, 0, GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	idr_destroy(&idr);
	return 0;
}

long adder(void)
{
	mutex_lock(&lock);
	idr_alloc(&idr, &items[1], 1, 0, GFP_KERNEL);
	mutex_unlock(&lock);
	return 0;
}

long remover(void)
{
	if (id < 0)
		return 0;
	idr_remove(&idr, id);
	return 0;
}
