/*
 * A consumer waits until it has taken an item in one step, so the count never goes below 0.
 * threads: first_consumer second_consumer producer
 * verdict: no-error
 */
static DECLARE_WAIT_QUEUE_HEAD(queue);
static atomic_t items = ATOMIC_INIT(0);

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(atomic_read(&items) != 0);
	return 0;
}

static void consume(void)
{
	wait_event(queue, atomic_dec_if_positive(&items) >= 0);
}

long first_consumer(void)
{
	consume();
	return 0;
}

long second_consumer(void)
{
	consume();
	return 0;
}

long producer(void)
{
	atomic_inc(&items);
	wake_up_all(&queue);
	atomic_inc(&items);
	wake_up_all(&queue);
	return 0;
}
