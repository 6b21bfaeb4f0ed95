/*
 * The lock is left between taking the entry out and adding it. It's in neither list then.
 * threads: mover walker
 * verdict: warning
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
	spin_unlock(&lock);
	spin_lock(&lock);
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
