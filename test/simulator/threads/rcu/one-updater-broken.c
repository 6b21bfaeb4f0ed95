/*
 * Updaters don't exclude each other. Both read the pointer before either clears it, and both free it.
 * threads: first second
 * verdict: double-free
 */
struct box {
	int value;
};

static DEFINE_MUTEX(lock);
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

static void remove_shared(void)
{
	struct box *old;

	old = rcu_dereference_protected(shared, 1);
	rcu_assign_pointer(shared, NULL);
	synchronize_rcu();
	kfree(old);
}

long first(void)
{
	remove_shared();
	return 0;
}

long second(void)
{
	remove_shared();
	return 0;
}
