/*
 * The index is read again after it was compared. Mover makes it too large in between.
 * threads: user mover
 * verdict: out-of-bounds
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
		array[READ_ONCE(at)] = 1;
	return 0;
}

long mover(void)
{
	WRITE_ONCE(at, 4);
	return 0;
}
