/*
 * One adds to the IDR and the other one removes from it, both under one mutex.
 * threads: adder remover
 * verdict: no-error
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
	mutex_lock(&lock);
	idr_remove(&idr, id);
	mutex_unlock(&lock);
	return 0;
}
