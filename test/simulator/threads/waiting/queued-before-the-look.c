/*
 * The waiter puts itself into the queue before it looks, so a wake-up after its look finds it there.
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
	DEFINE_WAIT(wait);

	prepare_to_wait(&queue, &wait, TASK_UNINTERRUPTIBLE);
	if (!READ_ONCE(ready))
		schedule();
	finish_wait(&queue, &wait);
	return 0;
}

long waker(void)
{
	WRITE_ONCE(ready, 1);
	wake_up(&queue);
	return 0;
}
