/*
 * The lock is left between the copy and writing it back. Counter counts in between, and the older copy overwrites it.
 * threads: copier counter
 * verdict: warning
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
	spin_unlock(&lock);
	copy.generation++;
	copy.n++;
	spin_lock(&lock);
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
