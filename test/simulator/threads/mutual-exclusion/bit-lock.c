/*
 * A lock in one bit of a word, taken by test_and_set_bit() and left by clear_bit(): only one finds the bit clear.
 * threads: first second
 * verdict: no-error
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
	if (test_and_set_bit(3, &flags))
		return;
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
