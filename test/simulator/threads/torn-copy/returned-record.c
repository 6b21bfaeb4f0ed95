/*
 * A function returns the record as a whole, and takes the writer's lock for that.
 * threads: writer reader
 * verdict: no-error
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

	spin_lock(&lock);
	r = range;
	spin_unlock(&lock);
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
