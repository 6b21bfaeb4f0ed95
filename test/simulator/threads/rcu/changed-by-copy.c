/*
 * The updater changes a copy and shows it by the pointer, so a reader sees all of the change or none.
 * threads: reader updater
 * verdict: no-error
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
	struct range *new = kzalloc(sizeof(*new), GFP_KERNEL | __GFP_NOFAIL);

	new->from = old->from + 1;
	new->to = old->to + 1;
	rcu_assign_pointer(shared, new);
	kfree_rcu(old, rcu);
	return 0;
}
