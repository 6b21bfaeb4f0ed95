/*
 * All items of the IDR are walked under the mutex that one is removed under.
 * threads: walker remover
 * verdict: no-error
 */
static DEFINE_MUTEX(lock);
static DEFINE_IDR(idr);
static int items[2];
static int found;

long setup(void)
{
	idr_alloc(&idr, &items[0], 1, 0, GFP_KERNEL | __GFP_NOFAIL);
	idr_alloc(&idr, &items[1], 1, 0, GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	idr_destroy(&idr);
	return 0;
}

long walker(void)
{
	int *item;
	int i;

	mutex_lock(&lock);
	idr_for_each_entry(&idr, item, i)
		found++;
	mutex_unlock(&lock);
	return 0;
}

long remover(void)
{
	mutex_lock(&lock);
	idr_remove(&idr, 2);
	mutex_unlock(&lock);
	return 0;
}
