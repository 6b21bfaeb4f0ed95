/*
 * memmove() of what overlaps, seen half done by a reader: in the end each item is where it belongs.
 * threads: mover reader
 * verdict: no-error
 */
static int items[4];

long setup(void)
{
	items[0] = 1;
	items[1] = 2;
	items[2] = 3;
	return 0;
}

long teardown(void)
{
	WARN_ON(items[1] != 1 || items[2] != 2 || items[3] != 3);
	return 0;
}

long mover(void)
{
	memmove(&items[1], &items[0], 3 * sizeof(items[0]));
	return 0;
}

long reader(void)
{
	return READ_ONCE(items[1]) + READ_ONCE(items[2]);
}
