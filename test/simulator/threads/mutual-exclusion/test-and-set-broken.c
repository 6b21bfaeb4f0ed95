/*
 * A lock word that is read and then written. Both read that it is free before either writes, and both enter.
 * threads: first second
 * verdict: warning
 */
static int taken;
static int inside;

static void critical(void)
{
	WARN_ON(READ_ONCE(inside));
	WRITE_ONCE(inside, 1);
	WRITE_ONCE(inside, 0);
}

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

static int try_to_take(void)
{
	if (READ_ONCE(taken))
		return 0;
	WRITE_ONCE(taken, 1);
	return 1;
}

long first(void)
{
	if (!try_to_take())
		return 0;
	critical();
	WRITE_ONCE(taken, 0);
	return 0;
}

long second(void)
{
	if (!try_to_take())
		return 0;
	critical();
	WRITE_ONCE(taken, 0);
	return 0;
}
