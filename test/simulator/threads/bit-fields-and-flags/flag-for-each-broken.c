/*
 * The two flags are bits of one byte and are set by a plain |=. The later write drops the other's bit.
 * threads: first second
 * verdict: warning
 */
static unsigned char flags;

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
	flags |= 1;
	return 0;
}

long second(void)
{
	flags |= 2;
	return 0;
}
