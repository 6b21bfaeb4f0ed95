/*
 * The waiter gives up after some time. Whether a little of it is left says nothing, so it takes its request off the list under
 * the lock before it frees it: who answers finds it there, or does not.
 * threads: asker answerer
 * verdict: no-error
 */
struct request {
	int answered;
};

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DEFINE_SPINLOCK(lock);
static struct request *pending;

long setup(void)
{
	pending = kmalloc(sizeof(*pending), GFP_KERNEL | __GFP_NOFAIL);
	pending->answered = 0;
	return 0;
}

long teardown(void)
{
	return 0;
}

long asker(void)
{
	struct request *mine = pending;
	DEFINE_WAIT(wait);
	long left = 10;

	prepare_to_wait(&queue, &wait, TASK_UNINTERRUPTIBLE);
	if (!READ_ONCE(mine->answered))
		left = schedule_timeout(left);
	finish_wait(&queue, &wait);
	BUG_ON(left < 0 || left > 10);
	spin_lock(&lock);
	pending = NULL;
	spin_unlock(&lock);
	kfree(mine);
	return 0;
}

long answerer(void)
{
	spin_lock(&lock);
	if (pending) {
		WRITE_ONCE(pending->answered, 1);
		wake_up(&queue);
	}
	spin_unlock(&lock);
	return 0;
}
