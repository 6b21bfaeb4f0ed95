/*
 * The bakery lock for two, tried once: nobody compares numbers while the other is still choosing, so a number that
 * wasn't seen is drawn later and is the larger one.
 * threads: first second
 * verdict: no-error
 */
static int choosing[2], number[2];
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

long first(void)
{
	int mine, theirs;

	WRITE_ONCE(choosing[0], 1);
	mine = READ_ONCE(number[1]) + 1;
	WRITE_ONCE(number[0], mine);
	WRITE_ONCE(choosing[0], 0);
	if (READ_ONCE(choosing[1]))
		goto out;
	theirs = READ_ONCE(number[1]);
	if (!theirs || mine <= theirs)
		critical();
out:
	WRITE_ONCE(number[0], 0);
	return 0;
}

long second(void)
{
	int mine, theirs;

	WRITE_ONCE(choosing[1], 1);
	mine = READ_ONCE(number[0]) + 1;
	WRITE_ONCE(number[1], mine);
	WRITE_ONCE(choosing[1], 0);
	if (READ_ONCE(choosing[0]))
		goto out;
	theirs = READ_ONCE(number[0]);
	if (!theirs || mine < theirs)
		critical();
out:
	WRITE_ONCE(number[1], 0);
	return 0;
}
