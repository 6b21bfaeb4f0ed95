/*
 * The first entry is looked at without the lock. It's removed and freed after the reader got the pointer to it.
 * threads: reader remover
 * verdict: use-after-free
 */
struct entry {
	struct list_head node;
	int value;
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(list);
static struct entry *only;

long setup(void)
{
	only = kzalloc(sizeof(*only), GFP_KERNEL | __GFP_NOFAIL);
	list_add(&only->node, &list);
	return 0;
}

long teardown(void)
{
	return 0;
}

long reader(void)
{
	struct list_head *at;

	at = READ_ONCE(list.next);
	if (at != &list)
		WARN_ON(READ_ONCE(list_entry(at, struct entry, node)->value));
	return 0;
}

long remover(void)
{
	spin_lock(&lock);
	list_del(&only->node);
	spin_unlock(&lock);
	kfree(only);
	return 0;
}
