/*
 * timer_delete() doesn't wait for a function that has begun to run. It counts in the freed object.
 * threads: starter remover
 * verdict: use-after-free
 */
struct box {
	struct timer_list timer;
	int runs;
};

static DEFINE_SPINLOCK(lock);
static struct box *box;
static int gone;

static void count_run(struct timer_list *timer)
{
	struct box *b = container_of(timer, struct box, timer);

	WRITE_ONCE(b->runs, 1);
}

long setup(void)
{
	box = kzalloc(sizeof(*box), GFP_KERNEL | __GFP_NOFAIL);
	timer_setup(&box->timer, count_run, 0);
	return 0;
}

long teardown(void)
{
	return 0;
}

long starter(void)
{
	spin_lock(&lock);
	if (!gone)
		mod_timer(&box->timer, jiffies + 1);
	spin_unlock(&lock);
	return 0;
}

long remover(void)
{
	spin_lock(&lock);
	gone = 1;
	spin_unlock(&lock);
	timer_delete(&box->timer);
	kfree(box);
	return 0;
}
