/*
 * The lookup is under RCU, takes no reference to an object at count 0, and the last put frees only after all readers
 * left.
 * threads: finder owner
 * verdict: no-error
 */
struct box {
	refcount_t refs;
	int value;
	struct rcu_head rcu;
};

static struct box *shared, *owned;

static void put(struct box *b)
{
	if (!refcount_dec_and_test(&b->refs))
		return;
	WRITE_ONCE(shared, NULL);
	kfree_rcu(b, rcu);
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

	rcu_read_lock();
	b = rcu_dereference(shared);
	if (b && !refcount_inc_not_zero(&b->refs))
		b = NULL;
	rcu_read_unlock();
	if (b)
		put(b);
	return 0;
}

long owner(void)
{
	put(owned);
	return 0;
}
