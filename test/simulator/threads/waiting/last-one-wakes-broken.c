/*
 * Each looks whether it's the last one before it counts down. Both find 2, so neither wakes the waiter.
 * threads: waiter first second
 * verdict: wait-forever
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
	int last = atomic_read(&pending) == 1;

	atomic_dec(&pending);
	if (last)
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
