/*
 * The pointer is read and followed in one read section.
 * threads: reader remover
 * verdict: no-error
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

	rcu_assign_pointer(shared, NULL);
	synchronize_rcu();
	kfree(old);
	return 0;
}
