/*
 * Each swaps its new object in by xchg() and frees the one that it got out, which nobody else got.
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
	kfree(shared);
	return 0;
}

static void replace(void)
{
	struct box *new = kzalloc(sizeof(*new), GFP_KERNEL | __GFP_NOFAIL);
	struct box *old;

	old = xchg(&shared, new);
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
