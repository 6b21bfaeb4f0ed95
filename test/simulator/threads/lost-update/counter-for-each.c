/*
 * Each thread counts in an element of its own, so plain increments are enough.
 * threads: first second
 * verdict: no-error
 */
static int count[2];

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(count[0] + count[1] != 2);
	return 0;
}

long first(void)
{
	count[0]++;
	return 0;
}

long second(void)
{
	count[1]++;
	return 0;
}
