/*
 * The worker puts its reference on each way out.
 * threads: worker stopper
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
	box = NULL;
	return 0;
}

long worker(void)
{
	if (READ_ONCE(stopped))
		goto out;
	box->value = 1;
out:
	put(box);
	return 0;
}

long stopper(void)
{
	WRITE_ONCE(stopped, 1);
	put(box);
	return 0;
}
