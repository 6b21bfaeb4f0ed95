/*
 * The entry gets its second value after it was put into the list. Walker finds it with only the first one.
 * threads: adder walker
 * verdict: warning
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
	list_add_rcu(&entry.node, &list);
	entry.to = 3;
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
