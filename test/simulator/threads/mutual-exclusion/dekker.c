/*
 * Dekker's lock with a bounded wait: who isn't next withdraws its wish. Nobody enters without having said its wish
 * before it saw that the other has none, so not both can.
 * threads: first second
 * verdict: no-error
 */
static int wants[2], turn = 1;
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
	int i;

	WRITE_ONCE(wants[0], 1);
	for (i = 0; i < 2; i++) {
		if (!READ_ONCE(wants[1])) {
			critical();
			WRITE_ONCE(turn, 1);
			break;
		}
		if (READ_ONCE(turn) != 0) {
			WRITE_ONCE(wants[0], 0);
			if (READ_ONCE(turn) != 0)
				return 0;
			WRITE_ONCE(wants[0], 1);
		}
	}
	WRITE_ONCE(wants[0], 0);
	return 0;
}

long second(void)
{
	int i;

	WRITE_ONCE(wants[1], 1);
	for (i = 0; i < 2; i++) {
		if (!READ_ONCE(wants[0])) {
			critical();
			WRITE_ONCE(turn, 0);
			break;
		}
		if (READ_ONCE(turn) != 1) {
			WRITE_ONCE(wants[1], 0);
			if (READ_ONCE(turn) != 1)
				return 0;
			WRITE_ONCE(wants[1], 1);
		}
	}
	WRITE_ONCE(wants[1], 0);
	return 0;
}
