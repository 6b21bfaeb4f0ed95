/*
 * Second doesn't wait for the work. It looks before the work has run.
 * threads: first second
 * verdict: warning
 */
static struct work_struct work;
static int done;

static void do_it(struct work_struct *unused)
{
	WRITE_ONCE(done, 1);
}

long setup(void)
{
	INIT_WORK(&work, do_it);
	return 0;
}

long teardown(void)
{
	flush_work(&work);
	return 0;
}

long first(void)
{
	schedule_work(&work);
	flush_work(&work);
	WARN_ON(!READ_ONCE(done));
	return 0;
}

long second(void)
{
	schedule_work(&work);
	WARN_ON(!READ_ONCE(done));
	return 0;
}
