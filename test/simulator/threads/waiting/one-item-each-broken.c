/*
 * A consumer waits until there is an item and then takes it. Both see the same one, and the count goes below 0.
 * threads: first_consumer second_consumer producer
 * verdict: warning
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
	wait_event(queue, atomic_read(&items) > 0);
	WARN_ON(atomic_dec_return(&items) < 0);
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
