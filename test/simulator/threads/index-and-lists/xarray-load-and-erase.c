/*
 * An XArray locks itself, and what was loaded from it under RCU is freed when all readers have left.
 * threads: finder remover
 * verdict: no-error
 */
struct box {
	int value;
	struct rcu_head rcu;
};

static DEFINE_XARRAY(boxes);

long setup(void)
{
	struct box *b = kzalloc(sizeof(*b), GFP_KERNEL | __GFP_NOFAIL);

	if (xa_err(xa_store(&boxes, 3, b, GFP_KERNEL | __GFP_NOFAIL)))
		kfree(b);
	return 0;
}

long teardown(void)
{
	xa_destroy(&boxes);
	return 0;
}

long finder(void)
{
	struct box *b;

	rcu_read_lock();
	b = xa_load(&boxes, 3);
	if (b)
		WARN_ON(READ_ONCE(b->value));
	rcu_read_unlock();
	return 0;
}

long remover(void)
{
	struct box *b = xa_erase(&boxes, 3);

	if (b)
		kfree_rcu(b, rcu);
	return 0;
}
