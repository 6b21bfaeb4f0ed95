/*
 * Peterson's lock, tried twice and then given up. Each says that it wants in before it lets the other go first, so the
 * last one to write turn sees both that the other wants in and that it has to wait.
 * threads: first second
 * verdict: no-error
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

	WRITE_ONCE(wants[0], 1);
	WRITE_ONCE(turn, 1);
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

	WRITE_ONCE(wants[1], 1);
	WRITE_ONCE(turn, 0);
	for (i = 0; i < 2; i++) {
		if (!READ_ONCE(wants[0]) || READ_ONCE(turn) == 1) {
			critical();
			break;
		}
	}
	WRITE_ONCE(wants[1], 0);
	return 0;
}
