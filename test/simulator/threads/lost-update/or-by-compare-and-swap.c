/*
 * A bit is set by cmpxchg(), tried twice: it fails only where the other's one write came between, so the second try
 * holds.
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

static void add_bit(unsigned long bit)
{
	int i;

	for (i = 0; i < 2; i++) {
		unsigned long old = READ_ONCE(flags);

		if (cmpxchg(&flags, old, old | bit) == old)
			return;
	}
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
