/*
 * The count reaches 0 only under the lock, and the object is unlinked before it's left, so what is found under it has a
 * reference left.
 * threads: finder owner
 * verdict: no-error
 */
struct box {
	refcount_t refs;
	int value;
};

static DEFINE_SPINLOCK(lock);
static struct box *shared, *owned;

static void put(struct box *b)
{
	if (!refcount_dec_and_lock(&b->refs, &lock))
		return;
	shared = NULL;
	spin_unlock(&lock);
	kfree(b);
}

long setup(void)
{
	owned = kzalloc(sizeof(*owned), GFP_KERNEL | __GFP_NOFAIL);
	refcount_set(&owned->refs, 1);
	shared = owned;
	return 0;
}

long teardown(void)
{
	return 0;
}

long finder(void)
{
	struct box *b;

	spin_lock(&lock);
	b = shared;
	if (b)
		refcount_inc(&b->refs);
	spin_unlock(&lock);
	if (b)
		put(b);
	return 0;
}

long owner(void)
{
	put(owned);
	return 0;
}
