/*
 * Updaters exclude each other by a mutex, so only one gets the old object.
 * threads: first second
 * verdict: no-error
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

	mutex_lock(&lock);
	old = rcu_dereference_protected(shared, 1);
	rcu_assign_pointer(shared, NULL);
	mutex_unlock(&lock);
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
