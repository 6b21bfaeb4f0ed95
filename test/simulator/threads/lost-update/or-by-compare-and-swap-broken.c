/*
 * The new value is written without a look whether the old one still holds. Both read 0, and the later write drops the
 * other's bit.
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

static void add_bit(unsigned long bit)
{
	unsigned long old = READ_ONCE(flags);

	WRITE_ONCE(flags, old | bit);
}

long first(void)
{
	add_bit(1);
	return 0;
}

long second(void)
{
	add_bit(2);
	return 0;
}
