/*
 * The index is read once, so what is compared with the size is what is used.
 * threads: user mover
 * verdict: no-error
 */
static int *array;
static int at;

long setup(void)
{
	array = kcalloc(4, sizeof(*array), GFP_KERNEL | __GFP_NOFAIL);
	return 0;
}

long teardown(void)
{
	kfree(array);
	return 0;
}

long user(void)
{
	int i = READ_ONCE(at);

	if (i < 4)
		array[i] = 1;
	return 0;
}

long mover(void)
{
	WRITE_ONCE(at, 4);
	return 0;
}
