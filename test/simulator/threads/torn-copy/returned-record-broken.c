/*
 * A function returns the record as a whole without the lock. It reads one member before the writer and one after it.
 * threads: writer reader
 * verdict: warning
 */
struct range {
	long from;
	long to;
	long step;
};

static DEFINE_SPINLOCK(lock);
static struct range range;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	return 0;
}

static struct range current_range(void)
{
	struct range r;

	r = range;
	return r;
}

long writer(void)
{
	struct range r = { 3, 3, 3 };

	spin_lock(&lock);
	range = r;
	spin_unlock(&lock);
	return 0;
}

long reader(void)
{
	struct range r = current_range();

	WARN_ON(r.from != r.to || r.to != r.step);
	return 0;
}
