/*
 * The decrement tells in the same step whether it was the last one, so one of the two frees.
 * threads: first second
 * verdict: no-error
 */
struct box {
	atomic_t users;
	int value;
};

static struct box *box;

long setup(void)
{
	box = kzalloc(sizeof(*box), GFP_KERNEL | __GFP_NOFAIL);
	atomic_set(&box->users, 2);
	return 0;
}

long teardown(void)
{
	return 0;
}

static void put(struct box *b)
{
	if (atomic_dec_and_test(&b->users))
		kfree(b);
}

long first(void)
{
	put(box);
	return 0;
}

long second(void)
{
	put(box);
	return 0;
}
