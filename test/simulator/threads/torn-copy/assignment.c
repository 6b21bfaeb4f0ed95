/*
 * A record is assigned and copied as a whole, both under one lock, so a copy is never half old and half new.
 * threads: writer reader
 * verdict: no-error
 */
struct range {
	long from;
	long to;
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

long writer(void)
{
	spin_lock(&lock);
	range = (struct range){ 1, 1 };
	spin_unlock(&lock);
	return 0;
}

long reader(void)
{
	struct range r;

	spin_lock(&lock);
	r = range;
	spin_unlock(&lock);
	WARN_ON(r.from != r.to);
	return 0;
}
