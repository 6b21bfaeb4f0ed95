/*
 * A ticket lock that is tried once: a ticket is drawn in one step, so no two hold the number that is served.
 * threads: first second
 * verdict: no-error
 */
static atomic_t next_ticket = ATOMIC_INIT(0);
static int serving;
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

static int draw(void)
{
	return atomic_inc_return(&next_ticket) - 1;
}

static void enter(void)
{
	int mine = draw();

	if (READ_ONCE(serving) != mine)
		return;
	critical();
	WRITE_ONCE(serving, mine + 1);
}

long first(void)
{
	enter();
	return 0;
}

long second(void)
{
	enter();
	return 0;
}
