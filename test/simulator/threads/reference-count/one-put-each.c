/*
 * There are two references, and each thread puts one.
 * threads: first second
 * verdict: no-error
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
	return 0;
}

long first(void)
{
	if (READ_ONCE(stopped)) {
		put(box);
		return 0;
	}
	put(box);
	return 0;
}

long second(void)
{
	WRITE_ONCE(stopped, 1);
	put(box);
	return 0;
}
