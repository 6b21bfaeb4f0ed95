/*
 * The bakery lock without waiting for the other's choice. Both read that the other has no number, second takes 1 and
 * enters as it sees none, then first takes 1 and enters as equal numbers are its own.
 * threads: first second
 * verdict: warning
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
	theirs = READ_ONCE(number[1]);
	if (!theirs || mine <= theirs)
		critical();
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
	theirs = READ_ONCE(number[0]);
	if (!theirs || mine < theirs)
		critical();
	WRITE_ONCE(number[1], 0);
	return 0;
}
