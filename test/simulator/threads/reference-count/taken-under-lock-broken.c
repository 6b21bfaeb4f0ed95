/*
 * The reference is taken after the lock was left. Remover puts the last one in between, and the object is at count 0 or
 * freed.
 * threads: user remover
 * verdict: use-after-free, refcount
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
	spin_unlock(&lock);
	if (!b)
		return 0;
	refcount_inc(&b->refs);
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
