/*
 * Both want to free the shared object, and xchg() gives it to one of them.
 * threads: first second
 * verdict: no-error
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

	b = xchg(&shared, NULL);
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
