/*
 * Both threads count in the same element. Both read 0 and both write 1.
 * threads: first second
 * verdict: warning
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
	count[0]++;
	return 0;
}
