/*
 * The lookup is under RCU and takes no reference to an object at count 0, in one step.
 * threads: finder owner
 * verdict: no-error
 */
struct box {
	refcount_t refs;
	struct rcu_head rcu;
};

static DEFINE_XARRAY(boxes);
static struct box *owned;

static void put(struct box *b)
{
	if (!refcount_dec_and_test(&b->refs))
		return;
	xa_erase(&boxes, 5);
	kfree_rcu(b, rcu);
}

long setup(void)
{
	owned = kzalloc(sizeof(*owned), GFP_KERNEL | __GFP_NOFAIL);
	refcount_set(&owned->refs, 1);
	if (xa_err(xa_store(&boxes, 5, owned, GFP_KERNEL))) {
		kfree(owned);
		owned = NULL;
	}
	return 0;
}

long teardown(void)
{
	xa_destroy(&boxes);
	return 0;
}

static int get(struct box *b)
{
	return refcount_inc_not_zero(&b->refs);
}

long finder(void)
{
	struct box *b;

	rcu_read_lock();
	b = xa_load(&boxes, 5);
	if (b && !get(b))
		b = NULL;
	rcu_read_unlock();
	if (b)
		put(b);
	return 0;
}

long owner(void)
{
	if (owned)
		put(owned);
	return 0;
}
