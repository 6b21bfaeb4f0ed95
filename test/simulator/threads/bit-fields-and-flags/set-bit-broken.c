/*
 * A plain |= beside set_bit(). Second reads the word, first sets its bit, and second writes the word back without it.
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
	flags |= 2;
	return 0;
}
