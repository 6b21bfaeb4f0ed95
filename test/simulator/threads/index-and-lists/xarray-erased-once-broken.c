/*
 * The item is loaded and then erased. Both load it before either erases it, and both free it.
 * threads: first second
 * verdict: double-free
 */
struct box {
	int value;
};

static DEFINE_XARRAY(boxes);

long setup(void)
{
	struct box *b = kzalloc(sizeof(*b), GFP_KERNEL | __GFP_NOFAIL);

	if (xa_err(xa_store(&boxes, 3, b, GFP_KERNEL | __GFP_NOFAIL)))
		kfree(b);
	return 0;
}

long teardown(void)
{
	xa_destroy(&boxes);
	return 0;
}

static void take_out(void)
{
	struct box *b;

	b = xa_load(&boxes, 3);
	xa_erase(&boxes, 3);
	kfree(b);
}

long first(void)
{
	take_out();
	return 0;
}

long second(void)
{
	take_out();
	return 0;
}
