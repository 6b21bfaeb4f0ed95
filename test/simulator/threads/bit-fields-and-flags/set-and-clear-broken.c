/*
 * The bit is cleared by a plain &=. Clearer reads the word, setter sets its bit, and clearer writes the word back
 * without it.
 * threads: setter clearer
 * verdict: warning
 */
static unsigned long flags = 2;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(flags != 1);
	return 0;
}

long setter(void)
{
	set_bit(0, &flags);
	return 0;
}

long clearer(void)
{
	flags &= ~2UL;
	return 0;
}
