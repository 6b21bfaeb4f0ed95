/*
 * Moved up from the beginning, an item is overwritten before it is moved.
 * threads: mover reader
 * verdict: warning
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
	int i;

	for (i = 0; i < 3; i++)
		items[i + 1] = items[i];
	return 0;
}

long reader(void)
{
	return READ_ONCE(items[1]) + READ_ONCE(items[2]);
}
