/*
 * An entry is moved from one list to the other under one lock, so it's always in one of them.
 * threads: mover walker
 * verdict: no-error
 */
struct entry {
	struct list_head node;
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(idle);
static LIST_HEAD(busy);
static struct entry entry;

long setup(void)
{
	list_add(&entry.node, &idle);
	return 0;
}

long teardown(void)
{
	return 0;
}

long mover(void)
{
	spin_lock(&lock);
	list_del_init(&entry.node);
	list_add(&entry.node, &busy);
	spin_unlock(&lock);
	return 0;
}

long walker(void)
{
	spin_lock(&lock);
	WARN_ON(list_empty(&idle) && list_empty(&busy));
	spin_unlock(&lock);
	return 0;
}
