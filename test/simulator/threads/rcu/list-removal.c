/*
 * The entry is taken out of the list, and freed when all who walk the list have left.
 * threads: walker remover
 * verdict: no-error
 */
struct entry {
	struct list_head node;
	int value;
};

static LIST_HEAD(list);
static struct entry *last;

long setup(void)
{
	last = kzalloc(sizeof(*last), GFP_KERNEL | __GFP_NOFAIL);
	list_add(&last->node, &list);
	return 0;
}

long teardown(void)
{
	return 0;
}

long walker(void)
{
	struct entry *e;

	rcu_read_lock();
	list_for_each_entry_rcu(e, &list, node)
		WARN_ON(READ_ONCE(e->value));
	rcu_read_unlock();
	return 0;
}

long remover(void)
{
	list_del_rcu(&last->node);
	synchronize_rcu();
	kfree(last);
	return 0;
}
