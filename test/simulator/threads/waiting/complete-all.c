/*
 * complete_all() lets both waiters on.
 * threads: first_waiter second_waiter worker
 * verdict: no-error
 */
static DECLARE_COMPLETION(done);
static int data;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long first_waiter(void)
{
	wait_for_completion(&done);
	WARN_ON(!READ_ONCE(data));
	return 0;
}

long second_waiter(void)
{
	wait_for_completion(&done);
	WARN_ON(!READ_ONCE(data));
	return 0;
}

long worker(void)
{
	WRITE_ONCE(data, 1);
	complete_all(&done);
	return 0;
}
