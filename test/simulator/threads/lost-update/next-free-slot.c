/*
 * Taking the next free slot of an array under a lock gives each thread its own slot.
 * threads: first second
 * verdict: no-error
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

	spin_lock(&lock);
	i = used++;
	spin_unlock(&lock);
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
