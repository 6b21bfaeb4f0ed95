/*
 * The worker forgets its reference on the way out that it takes when it was stopped before it began.
 * threads: worker stopper
 * verdict: leak
 */
struct box {
	refcount_t refs;
	int value;
};

static struct box *box;
static int stopped;

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
	box = NULL;
	return 0;
}

long worker(void)
{
	if (READ_ONCE(stopped))
		return 0;
	box->value = 1;
	put(box);
	return 0;
}

long stopper(void)
{
	WRITE_ONCE(stopped, 1);
	put(box);
	return 0;
}
