/*
 * test_and_set_bit() tells one of the two that it's the first, and only that one runs the initialisation.
 * threads: first second
 * verdict: no-error
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
	if (test_and_set_bit(0, &state))
		return;
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
