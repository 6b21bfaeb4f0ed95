/*
 * The object is looked at after the read section ended. Remover waited only for the section and freed it.
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
	int value = 0;

	rcu_read_lock();
	b = rcu_dereference(shared);
	rcu_read_unlock();
	if (b)
		value = READ_ONCE(b->value);
	WARN_ON(value);
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
