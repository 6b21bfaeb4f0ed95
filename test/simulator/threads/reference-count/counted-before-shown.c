/*
 * The count is set before the pointer is shown.
 * threads: maker user
 * verdict: no-error
 */
struct box {
	refcount_t refs;
	int value;
};

static DEFINE_SPINLOCK(lock);
static struct box *shared;

static void put(struct box *b)
{
	if (b && refcount_dec_and_test(&b->refs))
		kfree(b);
}

long setup(void)
{
	return 0;
}

long teardown(void)
{
	put(shared);
	return 0;
}

long maker(void)
{
	struct box *b = kzalloc(sizeof(*b), GFP_KERNEL | __GFP_NOFAIL);

	refcount_set(&b->refs, 1);
	spin_lock(&lock);
	shared = b;
	spin_unlock(&lock);
	return 0;
}

long user(void)
{
	struct box *b;

	spin_lock(&lock);
	b = shared;
	if (b)
		refcount_inc(&b->refs);
	spin_unlock(&lock);
	put(b);
	return 0;
}
