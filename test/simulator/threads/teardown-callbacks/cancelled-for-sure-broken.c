/*
 * cancel_work() doesn't wait for work that has begun to run. It counts in the freed object.
 * threads: starter remover
 * verdict: use-after-free
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
	cancel_work(&box->work);
	kfree(box);
	return 0;
}
