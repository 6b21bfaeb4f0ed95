/*
 * Two records are swapped as wholes under a lock, twice, and each is still there once.
 * threads: first second
 * verdict: no-error
 */
struct item {
	long id;
	long value;
};

static DEFINE_SPINLOCK(lock);
static struct item left = { 1, 1 }, right = { 2, 2 };

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(left.id == right.id);
	return 0;
}

static void swap_both(void)
{
	struct item was;

	spin_lock(&lock);
	was = left;
	left = right;
	right = was;
	spin_unlock(&lock);
}

long first(void)
{
	swap_both();
	return 0;
}

long second(void)
{
	swap_both();
	return 0;
}
