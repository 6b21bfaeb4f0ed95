/*
 * The updater changes the object that readers have. Reader sees one member changed and the other not.
 * threads: reader updater
 * verdict: warning
 */
struct range {
	int from;
	int to;
	struct rcu_head rcu;
};

static struct range *shared;

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
	struct range *r;

	rcu_read_lock();
	r = rcu_dereference(shared);
	WARN_ON(READ_ONCE(r->from) != READ_ONCE(r->to));
	rcu_read_unlock();
	return 0;
}

long updater(void)
{
	struct range *old = shared;

	old->from = old->from + 1;
	old->to = old->to + 1;
	return 0;
}
