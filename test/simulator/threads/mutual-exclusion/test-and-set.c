/*
 * A lock word that is taken by xchg(): of two that find it free at the same time only one is told so.
 * threads: first second
 * verdict: no-error
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
	return xchg(&taken, 1) == 0;
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
