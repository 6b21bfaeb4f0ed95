/*
 * The entry gets its two values before it's put into the list that RCU readers walk.
 * threads: adder walker
 * verdict: no-error
 */
struct entry {
	struct list_head node;
	int from;
	int to;
};

static LIST_HEAD(list);
static struct entry entry;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long adder(void)
{
	entry.from = 3;
	entry.to = 3;
	list_add_rcu(&entry.node, &list);
	return 0;
}

long walker(void)
{
	struct entry *e;

	rcu_read_lock();
	list_for_each_entry_rcu(e, &list, node)
		WARN_ON(READ_ONCE(e->from) != READ_ONCE(e->to));
	rcu_read_unlock();
	return 0;
}
