/*
 * The waiter takes its request off the list only where it was woken in time. Where time ran out who answers still finds it there,
 * freed.
 * threads: asker answerer
 * verdict: use-after-free
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
	if (left > 0) {
		spin_lock(&lock);
		pending = NULL;
		spin_unlock(&lock);
	}
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
