/*
 * One bit is set and another one is cleared in one step each, so both changes hold.
 * threads: setter clearer
 * verdict: no-error
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
	clear_bit(1, &flags);
	return 0;
}
