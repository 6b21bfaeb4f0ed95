/*
 * The lock is inside the object, and the reference is put under it: whose put is the last one frees the lock that it
 * holds, and then unlocks it.
 * threads: first second
 * verdict: use-after-free
 */
struct box {
	spinlock_t lock;
	refcount_t refs;
	int value;
};

static struct box *box;

static void put(struct box *b)
{
	if (refcount_dec_and_test(&b->refs))
		kfree(b);
}

long setup(void)
{
	box = kzalloc(sizeof(*box), GFP_KERNEL | __GFP_NOFAIL);
	spin_lock_init(&box->lock);
	refcount_set(&box->refs, 2);
	return 0;
}

long teardown(void)
{
	return 0;
}

static void count_and_put(struct box *b)
{
	spin_lock(&b->lock);
	b->value++;
	put(b);
	spin_unlock(&b->lock);
}

long first(void)
{
	count_and_put(box);
	return 0;
}

long second(void)
{
	count_and_put(box);
	return 0;
}
