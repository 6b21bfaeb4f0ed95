/*
 * One looks up under RCU, one under the writer's mutex, and the writer replaces the item under it: each is allowed
 * beside the others.
 * threads: finder locked_finder writer
 * verdict: no-error
 */
static DEFINE_MUTEX(lock);
static DEFINE_IDR(idr);
static int items[2];
static int id;
static int found[2];

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

long finder(void)
{
	if (id < 0)
		return 0;
	rcu_read_lock();
	if (idr_find(&idr, id))
		found[0] = 1;
	rcu_read_unlock();
	return 0;
}

long locked_finder(void)
{
	if (id < 0)
		return 0;
	mutex_lock(&lock);
	if (idr_find(&idr, id))
		found[1] = 1;
	mutex_unlock(&lock);
	return 0;
}

long writer(void)
{
	if (id < 0)
		return 0;
	mutex_lock(&lock);
	idr_replace(&idr, &items[1], id);
	mutex_unlock(&lock);
	return 0;
}
