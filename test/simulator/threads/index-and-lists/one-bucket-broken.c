/*
 * Both put an entry into the same bucket, and only one takes its lock.
 * threads: one two
 * verdict: list-without-lock
 */
struct box {
	struct hlist_node node;
	int key;
};

static DEFINE_SPINLOCK(lock);
static struct hlist_head bucket;
static struct box boxes[2];

long setup(void)
{
	INIT_HLIST_HEAD(&bucket);
	return 0;
}

long teardown(void)
{
	struct box *b;
	int seen = 0;

	hlist_for_each_entry(b, &bucket, node)
		seen++;
	WARN_ON(seen != 2);
	return 0;
}

long one(void)
{
	spin_lock(&lock);
	hlist_add_head(&boxes[0].node, &bucket);
	spin_unlock(&lock);
	return 0;
}

long two(void)
{
	hlist_add_head(&boxes[1].node, &bucket);
	return 0;
}
