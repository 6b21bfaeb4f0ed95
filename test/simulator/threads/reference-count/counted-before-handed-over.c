/*
 * The giver takes the reference for the taker before it hands the object over, and puts its own at the end.
 * threads: giver taker
 * verdict: no-error
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
	kref_get(&b->ref);
	WRITE_ONCE(handed, b);
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
