/*
 * Both want to free the shared object. Both read the pointer before either clears it.
 * threads: first second
 * verdict: double-free
 */
struct box {
	int value;
};

static struct box *shared;

long setup(void)
{
	shared = kzalloc(sizeof(*shared), GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	return 0;
}

static void free_shared(void)
{
	struct box *b;

	b = READ_ONCE(shared);
	WRITE_ONCE(shared, NULL);
	kfree(b);
}

long first(void)
{
	free_shared();
	return 0;
}

long second(void)
{
	free_shared();
	return 0;
}
