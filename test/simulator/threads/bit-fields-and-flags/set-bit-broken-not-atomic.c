/*
 * __set_bit() beside set_bit(). It reads the word, first sets its bit, and it writes the word back without it.
 * threads: first second
 * verdict: warning
 */
static unsigned long flags;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(flags != 3);
	return 0;
}

long first(void)
{
	set_bit(0, &flags);
	return 0;
}

long second(void)
{
	__set_bit(1, &flags);
	return 0;
}
