/*
 * call_rcu() runs the callback that frees the object when all readers that may have it have left.
 * threads: reader remover
 * verdict: no-error
 */
struct box {
	int value;
	struct rcu_head rcu;
};

static struct box *shared;

static void free_box(struct rcu_head *head)
{
	kfree(container_of(head, struct box, rcu));
}

long setup(void)
{
	shared = kzalloc(sizeof(*shared), GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	rcu_barrier();
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
	call_rcu(&old->rcu, free_box);
	return 0;
}
