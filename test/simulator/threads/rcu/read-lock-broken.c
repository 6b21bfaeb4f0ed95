/*
 * The reader is in no read section, so the remover doesn't wait for it and frees what it has.
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

	b = rcu_dereference_raw(shared);
	if (b)
		WARN_ON(READ_ONCE(b->value));
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
