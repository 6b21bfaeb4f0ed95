/*
 * The next free slot is taken without a lock. Both read 0, both fill slot 0, and slot 1 stays empty.
 * threads: first second
 * verdict: warning
 */
static DEFINE_SPINLOCK(lock);
static int slots[2], used;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(!slots[0] || !slots[1]);
	return 0;
}

static void put_into_slot(int what)
{
	int i;

	i = used++;
	slots[i] = what;
}

long first(void)
{
	put_into_slot(7);
	return 0;
}

long second(void)
{
	put_into_slot(8);
	return 0;
}
