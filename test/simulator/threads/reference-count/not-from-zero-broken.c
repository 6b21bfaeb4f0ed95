/*
 * Under rcu_read_lock() the object stays, but its count may be 0 already when refcount_inc() takes the reference.
 * threads: user remover
 * verdict: refcount
 */
struct box {
	refcount_t refs;
	int value;
	struct rcu_head rcu;
};

static struct box *shared;

static void put(struct box *b)
{
	if (refcount_dec_and_test(&b->refs))
		kfree_rcu(b, rcu);
}

long setup(void)
{
	shared = kzalloc(sizeof(*shared), GFP_KERNEL | __GFP_NOFAIL);
	refcount_set(&shared->refs, 1);
	return 0;
}

long teardown(void)
{
	return 0;
}

long user(void)
{
	struct box *b;

	rcu_read_lock();
	b = rcu_dereference(shared);
	if (b)
		refcount_inc(&b->refs);
	rcu_read_unlock();
	if (!b)
		return 0;
	b->value = 1;
	put(b);
	return 0;
}

long remover(void)
{
	put(xchg(&shared, NULL));
	return 0;
}
