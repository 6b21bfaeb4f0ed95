/*
 * The producer writes to the entry after it left the lock. The consumer has taken it out and freed it.
 * threads: producer consumer
 * verdict: use-after-free
 */
struct entry {
	struct list_head node;
	int value;
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(queue);

static void free_all(void)
{
	struct entry *e, *next;
	LIST_HEAD(taken);

	spin_lock(&lock);
	list_splice_init(&queue, &taken);
	spin_unlock(&lock);
	list_for_each_entry_safe(e, next, &taken, node)
		kfree(e);
}

long setup(void)
{
	return 0;
}

long teardown(void)
{
	free_all();
	return 0;
}

long producer(void)
{
	struct entry *e = kzalloc(sizeof(*e), GFP_KERNEL | __GFP_NOFAIL);

	spin_lock(&lock);
	list_add(&e->node, &queue);
	spin_unlock(&lock);
	e->value = 1;
	return 0;
}

long consumer(void)
{
	free_all();
	return 0;
}
