/*
 * The count reaches 0 before the lock is taken. Finder has the lock and takes a reference to an object at 0.
 * threads: finder owner
 * verdict: refcount
 */
struct box {
	refcount_t refs;
	int value;
};

static DEFINE_SPINLOCK(lock);
static struct box *shared, *owned;

static void put(struct box *b)
{
	if (!refcount_dec_and_test(&b->refs))
		return;
	spin_lock(&lock);
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
