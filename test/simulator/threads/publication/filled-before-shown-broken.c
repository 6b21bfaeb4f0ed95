/*
 * The pointer is written before the object is filled. User takes the pointer and looks at the value in between.
 * threads: maker user
 * verdict: uninitialised-read
 */
struct box {
	int value;
};

static struct box *shared;
static int seen;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	kfree(shared);
	return 0;
}

long maker(void)
{
	struct box *b = kmalloc(sizeof(*b), GFP_KERNEL | __GFP_NOFAIL);

	rcu_assign_pointer(shared, b);
	b->value = 7;
	return 0;
}

long user(void)
{
	struct box *b = READ_ONCE(shared);

	if (b && b->value == 7)
		seen = 1;
	return 0;
}
