/*
 * The last put unlinks the object under the lock and then frees it, and the lookup under the lock leaves one at count 0
 * alone.
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
	if (b && !refcount_inc_not_zero(&b->refs))
		b = NULL;
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
