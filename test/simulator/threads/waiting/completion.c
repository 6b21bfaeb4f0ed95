/*
 * The work is always completed, before or after the other begins to wait.
 * threads: waiter worker
 * verdict: no-error
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
	complete(&done);
	return 0;
}
