/*
 * Litmus test MP: the data is written before the flag, so who sees the flag sees the data.
 * threads: sender receiver
 * verdict: no-error
 */
static int data, flag;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long sender(void)
{
	WRITE_ONCE(data, 1);
	WRITE_ONCE(flag, 1);
	return 0;
}

long receiver(void)
{
	int seen = READ_ONCE(flag);

	WARN_ON(seen && !READ_ONCE(data));
	return 0;
}
