/*
 * Two records are swapped without a lock. Both keep a copy of the same one, and it ends in both places.
 * threads: first second
 * verdict: warning
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

	was = left;
	left = right;
	right = was;
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
