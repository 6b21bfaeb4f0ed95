/*
 * The reader copies twice under one lock, and no assignment comes between the copies.
 * threads: writer reader
 * verdict: no-error
 */
struct state {
	long generation;
	long n;
};

static DEFINE_SPINLOCK(lock);
static struct state state;

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
	state = (struct state){ 1, 1 };
	spin_unlock(&lock);
	return 0;
}

long reader(void)
{
	struct state before, after;

	spin_lock(&lock);
	before = state;
	after = state;
	spin_unlock(&lock);
	WARN_ON(before.generation != after.generation);
	WARN_ON(before.n != after.n);
	return 0;
}
