/*
 * Readers of RCU go on from an entry that is taken off, and one of those who take one off has no lock.
 * threads: one two reader
 * verdict: list-without-lock
 */
struct box {
	struct list_head link;
	int key;
};

static DEFINE_SPINLOCK(lock);
static LIST_HEAD(boxes);
static struct box first, second;

long setup(void)
{
	INIT_LIST_HEAD(&boxes);
	list_add_tail(&first.link, &boxes);
	list_add_tail(&second.link, &boxes);
	return 0;
}

long teardown(void)
{
	WARN_ON(!list_empty(&boxes));
	return 0;
}

long one(void)
{
	spin_lock(&lock);
	list_del_rcu(&first.link);
	spin_unlock(&lock);
	return 0;
}

long two(void)
{
	list_del_rcu(&second.link);
	return 0;
}

long reader(void)
{
	struct box *b;
	int seen = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(b, &boxes, link)
		seen++;
	rcu_read_unlock();
	return seen;
}
