/*
 * The count is read again after the decrement. Both decrement, and both read 0, or the first one to read it frees the
 * count that the other reads.
 * threads: first second
 * verdict: use-after-free, double-free
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
	atomic_dec(&b->users);
	if (atomic_read(&b->users) == 0)
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
