/*
 * Whether anybody waits is looked at after the condition became true, and who isn't in the queue yet will see it true.
 * threads: waiter waker
 * verdict: no-error
 */
static DECLARE_WAIT_QUEUE_HEAD(queue);
static int ready;

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
	return 0;
}

long waker(void)
{
	int waits;

	WRITE_ONCE(ready, 1);
	waits = waitqueue_active(&queue);
	if (waits)
		wake_up(&queue);
	return 0;
}
