/*
 * set_bit() is one step, so two bits of one word are both set.
 * threads: first second
 * verdict: no-error
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
	set_bit(1, &flags);
	return 0;
}
