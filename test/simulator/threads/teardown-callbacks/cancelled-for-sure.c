/*
 * Nobody starts the work any more, and cancel_work_sync() waits until it doesn't run, before the object is freed.
 * threads: starter remover
 * verdict: no-error
 */
struct box {
	struct work_struct work;
	int runs;
};

static DEFINE_MUTEX(lock);
static struct box *box;
static int gone;

static void count_run(struct work_struct *work)
{
	struct box *b = container_of(work, struct box, work);

	WRITE_ONCE(b->runs, 1);
}

long setup(void)
{
	box = kzalloc(sizeof(*box), GFP_KERNEL | __GFP_NOFAIL);
	INIT_WORK(&box->work, count_run);
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
		schedule_work(&box->work);
	mutex_unlock(&lock);
	return 0;
}

long remover(void)
{
	mutex_lock(&lock);
	gone = 1;
	mutex_unlock(&lock);
	cancel_work_sync(&box->work);
	kfree(box);
	return 0;
}
