/*
 * One looks the item up in the IDR under neither RCU nor the mutex, while the other one removes it.
 * threads: finder remover
 * verdict: index-without-lock
 */
static DEFINE_MUTEX(lock);
static DEFINE_IDR(idr);
static int item;
static int id;
static int found;

long setup(void)
{
	id = idr_alloc(&idr, &item, 1, 0, GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	idr_destroy(&idr);
	return 0;
}

long finder(void)
{
	if (id < 0)
		return 0;
	if (idr_find(&idr, id))
		found = 1;
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
