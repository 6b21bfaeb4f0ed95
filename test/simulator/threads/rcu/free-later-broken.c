/*
 * kfree() frees the old object at once. Reader has read the pointer and looks at the freed object.
 * threads: reader updater
 * verdict: use-after-free
 */
struct box {
	int value;
	struct rcu_head rcu;
};

static struct box *shared;

long setup(void)
{
	shared = kzalloc(sizeof(*shared), GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	kfree(shared);
	return 0;
}

long reader(void)
{
	struct box *b;

	rcu_read_lock();
	b = rcu_dereference(shared);
	WARN_ON(READ_ONCE(b->value) > 1);
	rcu_read_unlock();
	return 0;
}

long updater(void)
{
	struct box *old = shared;
	struct box *new = kzalloc(sizeof(*new), GFP_KERNEL | __GFP_NOFAIL);

	new->value = 1;
	rcu_assign_pointer(shared, new);
	kfree(old);
	return 0;
}
