/*
 * The record is copied into the new entry before that is put into the list that RCU readers walk.
 * threads: adder walker
 * verdict: no-error
 */
struct range {
	long from;
	long to;
};

struct entry {
	struct list_head node;
	struct range range;
};

static LIST_HEAD(list);
static struct entry *added;

long setup(void)
{
	added = kzalloc(sizeof(*added), GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	list_del(&added->node);
	kfree(added);
	return 0;
}

long adder(void)
{
	struct range r = { 3, 3 };

	added->range = r;
	list_add_rcu(&added->node, &list);
	return 0;
}

long walker(void)
{
	struct entry *e;

	rcu_read_lock();
	list_for_each_entry_rcu(e, &list, node)
		WARN_ON(READ_ONCE(e->range.from) != READ_ONCE(e->range.to));
	rcu_read_unlock();
	return 0;
}
