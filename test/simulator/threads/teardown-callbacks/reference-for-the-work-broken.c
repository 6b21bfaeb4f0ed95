/*
 * The work's reference is taken after it was started. The work has run and both other references are put by then, as the
 * work puts one that isn't its own.
 * threads: starter other
 * verdict: use-after-free, refcount
 */
struct box {
	struct work_struct work;
	refcount_t refs;
	int runs;
};

static struct box *box;

static void put(struct box *b)
{
	if (refcount_dec_and_test(&b->refs))
		kfree(b);
}

static void count_run(struct work_struct *work)
{
	struct box *b = container_of(work, struct box, work);

	WRITE_ONCE(b->runs, 1);
	put(b);
}

long setup(void)
{
	box = kzalloc(sizeof(*box), GFP_KERNEL | __GFP_NOFAIL);
	INIT_WORK(&box->work, count_run);
	refcount_set(&box->refs, 2);
	return 0;
}

long teardown(void)
{
	return 0;
}

long starter(void)
{
	struct box *b = box;

	schedule_work(&b->work);
	refcount_inc(&b->refs);
	put(b);
	return 0;
}

long other(void)
{
	put(box);
	return 0;
}
