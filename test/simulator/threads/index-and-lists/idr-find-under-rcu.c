/*
 * One looks the item up in the IDR under RCU and the other one removes it under a mutex, which needs no common lock.
 * threads: finder remover
 * verdict: no-error
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
	rcu_read_lock();
	if (idr_find(&idr, id))
		found = 1;
	rcu_read_unlock();
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
