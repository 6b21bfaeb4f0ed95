/*
 * A record is copied, changed and written back, all under the lock that the other counts under.
 * threads: copier counter
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
	WARN_ON(state.n != 2);
	return 0;
}

long copier(void)
{
	struct state copy;

	spin_lock(&lock);
	copy = state;
	copy.generation++;
	copy.n++;
	state = copy;
	spin_unlock(&lock);
	return 0;
}

long counter(void)
{
	spin_lock(&lock);
	state.n++;
	spin_unlock(&lock);
	return 0;
}
