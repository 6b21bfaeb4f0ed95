/*
 * Who clears the pending bit learns in the same step whether it was set, so one of the two claims the work.
 * threads: first second
 * verdict: no-error
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
	if (!test_and_clear_bit(0, &flags))
		return;
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
