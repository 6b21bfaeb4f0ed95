/*
 * Each reads the old object, writes its new one and frees the old. Both read the same old one and free it.
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
	kfree(shared);
	return 0;
}

static void replace(void)
{
	struct box *new = kzalloc(sizeof(*new), GFP_KERNEL | __GFP_NOFAIL);
	struct box *old;

	old = READ_ONCE(shared);
	WRITE_ONCE(shared, new);
	kfree(old);
}

long first(void)
{
	replace();
	return 0;
}

long second(void)
{
	replace();
	return 0;
}
