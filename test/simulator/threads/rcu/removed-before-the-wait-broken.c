/*
 * The pointer is cleared after the wait. Reader begins after it and still gets the object that is freed.
 * threads: reader remover
 * verdict: use-after-free
 */
struct box {
	int value;
};

static struct box *shared;

long setup(void)
{
	shared = kzalloc(sizeof(*shared), GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	return 0;
}

long reader(void)
{
	struct box *b;

	rcu_read_lock();
	b = rcu_dereference(shared);
	if (b)
		WARN_ON(READ_ONCE(b->value));
	rcu_read_unlock();
	return 0;
}

long remover(void)
{
	struct box *old = shared;

	synchronize_rcu();
	rcu_assign_pointer(shared, NULL);
	kfree(old);
	return 0;
}
