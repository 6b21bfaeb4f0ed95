/*
 * Dekker's lock in which first says its wish only after it looked. It sees no wish, second says its wish, sees none and
 * enters, and first enters too.
 * threads: first second
 * verdict: warning
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

	for (i = 0; i < 2; i++) {
		if (!READ_ONCE(wants[1])) {
			WRITE_ONCE(wants[0], 1);
			critical();
			WRITE_ONCE(turn, 1);
			break;
		}
		if (READ_ONCE(turn) != 0) {
			WRITE_ONCE(wants[0], 0);
			if (READ_ONCE(turn) != 0)
				return 0;
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
