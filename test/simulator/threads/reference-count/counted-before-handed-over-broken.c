/*
 * The giver takes the reference for the taker after it handed the object over. The taker has put the only one by then.
 * threads: giver taker
 * verdict: use-after-free, refcount
 */
struct box {
	struct kref ref;
	int value;
};

static struct box *handed;

static void free_box(struct kref *ref)
{
	kfree(container_of(ref, struct box, ref));
}

long setup(void)
{
	return 0;
}

long teardown(void)
{
	if (handed)
		kref_put(&handed->ref, free_box);
	return 0;
}

long giver(void)
{
	struct box *b = kzalloc(sizeof(*b), GFP_KERNEL | __GFP_NOFAIL);

	kref_init(&b->ref);
	WRITE_ONCE(handed, b);
	kref_get(&b->ref);
	WRITE_ONCE(b->value, 1);
	kref_put(&b->ref, free_box);
	return 0;
}

long taker(void)
{
	struct box *b = xchg(&handed, NULL);

	if (b)
		kref_put(&b->ref, free_box);
	return 0;
}
