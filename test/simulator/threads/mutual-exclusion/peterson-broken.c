/*
 * Peterson's lock with turn written before the wish. Both write turn, second says its wish and enters as it doesn't see
 * first's, then first says its wish and enters as turn is its own.
 * threads: first second
 * verdict: warning
 */
static int wants[2], turn;
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

	WRITE_ONCE(turn, 1);
	WRITE_ONCE(wants[0], 1);
	for (i = 0; i < 2; i++) {
		if (!READ_ONCE(wants[1]) || READ_ONCE(turn) == 0) {
			critical();
			break;
		}
	}
	WRITE_ONCE(wants[0], 0);
	return 0;
}

long second(void)
{
	int i;

	WRITE_ONCE(turn, 0);
	WRITE_ONCE(wants[1], 1);
	for (i = 0; i < 2; i++) {
		if (!READ_ONCE(wants[0]) || READ_ONCE(turn) == 1) {
			critical();
			break;
		}
	}
	WRITE_ONCE(wants[1], 0);
	return 0;
}
