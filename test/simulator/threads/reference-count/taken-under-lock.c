/*
 * The reference is taken under the lock that the pointer is cleared under, while the pointer's own reference is still
 * held.
 * threads: user remover
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
	if (refcount_dec_and_test(&b->refs))
		kfree(b);
}

long setup(void)
{
	shared = kzalloc(sizeof(*shared), GFP_KERNEL | __GFP_NOFAIL);
	refcount_set(&shared->refs, 1);
	return 0;
}

long teardown(void)
{
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
	if (!b)
		return 0;
	b->value = 1;
	put(b);
	return 0;
}

long remover(void)
{
	struct box *b;

	spin_lock(&lock);
	b = shared;
	shared = NULL;
	spin_unlock(&lock);
	put(b);
	return 0;
}
