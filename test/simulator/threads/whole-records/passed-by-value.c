/*
 * The record is passed by value under the writer's lock.
 * threads: writer checker
 * verdict: no-error
 */
struct range {
	long from;
	long to;
	long step;
};

static DEFINE_SPINLOCK(lock);
static struct range range;

static void check(struct range r)
{
	WARN_ON(r.from != r.to || r.to != r.step);
}

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

long writer(void)
{
	spin_lock(&lock);
	range.from = 1;
	range.to = 1;
	range.step = 1;
	spin_unlock(&lock);
	return 0;
}

long checker(void)
{
	spin_lock(&lock);
	check(range);
	spin_unlock(&lock);
	return 0;
}
