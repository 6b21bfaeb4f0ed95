/*
 * Whether anybody waits is looked at before the condition becomes true. The waiter comes, sees it false and sleeps.
 * threads: waiter waker
 * verdict: wait-forever
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

	waits = waitqueue_active(&queue);
	WRITE_ONCE(ready, 1);
	if (waits)
		wake_up(&queue);
	return 0;
}
