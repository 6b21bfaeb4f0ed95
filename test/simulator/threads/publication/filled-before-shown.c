/*
 * The object is filled before the pointer to it is written.
 * threads: maker user
 * verdict: no-error
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

	b->value = 7;
	rcu_assign_pointer(shared, b);
	return 0;
}

long user(void)
{
	struct box *b = READ_ONCE(shared);

	if (b && b->value == 7)
		seen = 1;
	return 0;
}
