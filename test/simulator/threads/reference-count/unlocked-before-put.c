/*
 * The lock is inside the object, and it's left before the reference is put.
 * threads: first second
 * verdict: no-error
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
	spin_unlock(&b->lock);
	put(b);
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
