/*
 * There are two references, and three puts: the third one is of an object at count 0 or freed.
 * threads: first second
 * verdict: use-after-free, refcount
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
