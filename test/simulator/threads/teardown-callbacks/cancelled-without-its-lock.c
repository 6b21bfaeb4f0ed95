/*
 * The work takes the mutex, so the stopper leaves it before it waits for the work.
 * threads: starter stopper
 * verdict: no-error
 */
static DEFINE_MUTEX(lock);
static struct work_struct work;
static int runs, stopped;

static void count_run(struct work_struct *unused)
{
	mutex_lock(&lock);
	runs++;
	mutex_unlock(&lock);
}

long setup(void)
{
	INIT_WORK(&work, count_run);
	return 0;
}

long teardown(void)
{
	cancel_work_sync(&work);
	return 0;
}

long starter(void)
{
	schedule_work(&work);
	return 0;
}

long stopper(void)
{
	mutex_lock(&lock);
	stopped = 1;
	mutex_unlock(&lock);
	cancel_work_sync(&work);
	return 0;
}
