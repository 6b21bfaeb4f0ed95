/*
 * The waiter looks before it puts itself into the queue. The wake-up comes in between and finds nobody.
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
	DEFINE_WAIT(wait);

	if (!READ_ONCE(ready)) {
		prepare_to_wait(&queue, &wait, TASK_UNINTERRUPTIBLE);
		schedule();
	}
	finish_wait(&queue, &wait);
	return 0;
}

long waker(void)
{
	WRITE_ONCE(ready, 1);
	wake_up(&queue);
	return 0;
}
