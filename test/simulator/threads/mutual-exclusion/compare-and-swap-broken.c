/*
 * A lock word that is given back also by who didn't get it. First is inside, second fails and clears the word, and on
 * its second try gets in beside first.
 * threads: first second
 * verdict: warning
 */
static int owner;
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

static void enter(int me)
{
	int i;

	for (i = 0; i < 2; i++) {
		if (cmpxchg(&owner, 0, me) == 0) {
			critical();
			WRITE_ONCE(owner, 0);
			return;
		}
		WRITE_ONCE(owner, 0);
	}
}

long first(void)
{
	enter(1);
	return 0;
}

long second(void)
{
	enter(2);
	return 0;
}
