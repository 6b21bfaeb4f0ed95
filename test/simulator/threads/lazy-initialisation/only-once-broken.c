/*
 * The bit is tested and then set. Both find it clear, and the initialisation runs twice.
 * threads: first second
 * verdict: warning
 */
static unsigned long state;
static atomic_t runs = ATOMIC_INIT(0);

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(atomic_read(&runs) != 1);
	return 0;
}

static void initialise_once(void)
{
	if (test_bit(0, &state))
		return;
	set_bit(0, &state);
	atomic_inc(&runs);
}

long first(void)
{
	initialise_once();
	return 0;
}

long second(void)
{
	initialise_once();
	return 0;
}
