/*
 * Whether the list is closed is looked at under the lock that an entry is added under, so none is added to a closed one.
 * threads: producer closer
 * verdict: no-error
 */
struct entry {
	struct list_head node;
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(list);
static int closed;

static void free_all(void)
{
	while (!list_empty(&list)) {
		struct entry *e = list_first_entry(&list, struct entry, node);

		list_del(&e->node);
		kfree(e);
	}
}

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(closed && !list_empty(&list));
	free_all();
	return 0;
}

long producer(void)
{
	struct entry *e = kzalloc(sizeof(*e), GFP_KERNEL | __GFP_NOFAIL);
	int too_late;

	spin_lock(&lock);
	too_late = READ_ONCE(closed);
	if (!too_late)
		list_add(&e->node, &list);
	spin_unlock(&lock);
	if (too_late)
		kfree(e);
	return 0;
}

long closer(void)
{
	spin_lock(&lock);
	WRITE_ONCE(closed, 1);
	free_all();
	spin_unlock(&lock);
	return 0;
}
