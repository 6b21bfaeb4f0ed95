/*
 * Litmus test MP with the flag written first. The receiver reads the flag and the data between the two writes.
 * threads: sender receiver
 * verdict: warning
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
	WRITE_ONCE(flag, 1);
	WRITE_ONCE(data, 1);
	return 0;
}

long receiver(void)
{
	int seen = READ_ONCE(flag);

	WARN_ON(seen && !READ_ONCE(data));
	return 0;
}
