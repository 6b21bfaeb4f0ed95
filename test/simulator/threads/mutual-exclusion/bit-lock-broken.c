/*
 * A lock in one bit, taken by test_bit() and then set_bit(). Both test before either sets, and both enter.
 * threads: first second
 * verdict: warning
 */
static unsigned long flags;
static int inside;

static void critical(void)
{
	WARN_ON(READ_ONCE(inside));
	WRITE_ONCE(inside, 1);
	WRITE_ONCE(inside, 0);
}

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

static void enter(void)
{
	if (test_bit(3, &flags))
		return;
	set_bit(3, &flags);
	critical();
	clear_bit(3, &flags);
}

long first(void)
{
	enter();
	return 0;
}

long second(void)
{
	enter();
	return 0;
}
