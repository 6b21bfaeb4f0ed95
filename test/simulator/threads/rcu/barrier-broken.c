/*
 * synchronize_rcu() waits for readers but not for callbacks. The callback counts in the freed counter.
 * threads: reader remover
 * verdict: use-after-free
 */
struct box {
	struct rcu_head rcu;
};

static struct box box;
static struct box *shared = &box;
static int *counter;
static int seen;

static void count_removal(struct rcu_head *head)
{
	WRITE_ONCE(*counter, 1);
}

long setup(void)
{
	counter = kzalloc(sizeof(*counter), GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	rcu_barrier();
	return 0;
}

long reader(void)
{
	rcu_read_lock();
	if (rcu_dereference(shared))
		seen = 1;
	rcu_read_unlock();
	return 0;
}

long remover(void)
{
	rcu_assign_pointer(shared, NULL);
	call_rcu(&box.rcu, count_removal);
	synchronize_rcu();
	kfree(counter);
	return 0;
}
