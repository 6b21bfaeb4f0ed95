/*
 * The waiter initialises the completion again before it waits. Worker completed it just before that.
 * threads: waiter worker
 * verdict: wait-forever
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
	reinit_completion(&done);
	wait_for_completion(&done);
	return 0;
}

long worker(void)
{
	complete(&done);
	return 0;
}
