/*
 * The pending bit is tested and then cleared. Both find it set, and both claim the work.
 * threads: first second
 * verdict: warning
 */
static unsigned long flags = 1;
static atomic_t claims = ATOMIC_INIT(0);

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(atomic_read(&claims) != 1);
	return 0;
}

static void claim(void)
{
	if (!test_bit(0, &flags))
		return;
	clear_bit(0, &flags);
	atomic_inc(&claims);
}

long first(void)
{
	claim();
	return 0;
}

long second(void)
{
	claim();
	return 0;
}
