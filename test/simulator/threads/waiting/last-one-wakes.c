/*
 * Who takes the count of pending jobs to 0 learns so in the same step, and wakes the waiter.
 * threads: waiter first second
 * verdict: no-error
 */
static DECLARE_WAIT_QUEUE_HEAD(queue);
static atomic_t pending = ATOMIC_INIT(2);

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

static void job_done(void)
{
	if (atomic_dec_and_test(&pending))
		wake_up(&queue);
}

long waiter(void)
{
	wait_event(queue, atomic_read(&pending) == 0);
	return 0;
}

long first(void)
{
	job_done();
	return 0;
}

long second(void)
{
	job_done();
	return 0;
}
