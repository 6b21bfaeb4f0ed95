/*
 * Nobody starts the delayed work any more, and cancel_delayed_work_sync() waits until it doesn't run.
 * threads: starter remover
 * verdict: no-error
 */
struct box {
	struct delayed_work work;
	int runs;
};

static DEFINE_MUTEX(lock);
static struct box *box;
static int gone;

static void count_run(struct work_struct *work)
{
	struct box *b = container_of(work, struct box, work.work);

	WRITE_ONCE(b->runs, 1);
}

long setup(void)
{
	box = kzalloc(sizeof(*box), GFP_KERNEL | __GFP_NOFAIL);
	INIT_DELAYED_WORK(&box->work, count_run);
	return 0;
}

long teardown(void)
{
	return 0;
}

long starter(void)
{
	mutex_lock(&lock);
	if (!gone)
		schedule_delayed_work(&box->work, 1);
	mutex_unlock(&lock);
	return 0;
}

long remover(void)
{
	mutex_lock(&lock);
	gone = 1;
	mutex_unlock(&lock);
	cancel_delayed_work_sync(&box->work);
	kfree(box);
	return 0;
}
