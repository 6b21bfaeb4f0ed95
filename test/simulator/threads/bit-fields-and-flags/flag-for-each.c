/*
 * Each thread has a bool of its own in an array.
 * threads: first second
 * verdict: no-error
 */
static bool flags[2];

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(!flags[0] || !flags[1]);
	return 0;
}

long first(void)
{
	flags[0] = true;
	return 0;
}

long second(void)
{
	flags[1] = true;
	return 0;
}
