/*
 * Second looks at the object after it put its reference. First has put the last one and freed it.
 * threads: first second
 * verdict: use-after-free
 */
struct box {
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
	refcount_set(&box->refs, 2);
	return 0;
}

long teardown(void)
{
	return 0;
}

long first(void)
{
	put(box);
	return 0;
}

long second(void)
{
	put(box);
	WARN_ON(READ_ONCE(box->value));
	return 0;
}
