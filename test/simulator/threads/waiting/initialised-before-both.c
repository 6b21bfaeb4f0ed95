/*
 * The completion is initialised before either begins, so it remembers that it was completed before the wait.
 * threads: waiter worker
 * verdict: no-error
 */
static struct completion done;

long setup(void)
{
	init_completion(&done);
	return 0;
}

long teardown(void)
{
	return 0;
}

long waiter(void)
{
	wait_for_completion(&done);
	return 0;
}

long worker(void)
{
	complete(&done);
	return 0;
}
