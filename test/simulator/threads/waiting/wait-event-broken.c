/*
 * Nobody wakes the waiter after the condition became true. It looked before, and sleeps.
 * threads: waiter waker
 * verdict: wait-forever
 */
static DECLARE_WAIT_QUEUE_HEAD(queue);
static int ready, data;

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
	wait_event(queue, READ_ONCE(ready));
	WARN_ON(READ_ONCE(data) != 5);
	return 0;
}

long waker(void)
{
	WRITE_ONCE(data, 5);
	WRITE_ONCE(ready, 1);
	return 0;
}
