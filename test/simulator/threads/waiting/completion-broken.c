/*
 * The work is completed only where somebody said that it waits. Worker looks, then waiter says so and waits.
 * threads: waiter worker
 * verdict: wait-forever
 */
static DECLARE_COMPLETION(done);
static int waiting, data;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long waiter(void)
{
	WRITE_ONCE(waiting, 1);
	wait_for_completion(&done);
	WARN_ON(READ_ONCE(data) != 5);
	return 0;
}

long worker(void)
{
	WRITE_ONCE(data, 5);
	if (READ_ONCE(waiting))
		complete(&done);
	return 0;
}
