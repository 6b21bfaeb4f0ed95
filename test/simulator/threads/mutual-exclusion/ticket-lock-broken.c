/*
 * A ticket lock whose ticket is read before the next one is made. Both read ticket 0, which is served, and both enter.
 * threads: first second
 * verdict: warning
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
	int ticket = atomic_read(&next_ticket);

	atomic_inc(&next_ticket);
	return ticket;
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
