/*
 * The reader copies without the lock. It reads one member before the writer's assignment and the other one after it.
 * threads: writer reader
 * verdict: warning
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

	r = range;
	WARN_ON(r.from != r.to);
	return 0;
}
