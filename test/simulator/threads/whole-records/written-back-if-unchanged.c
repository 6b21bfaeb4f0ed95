/*
 * A record is copied, changed and written back only if its version is still that of the copy, so each change that was
 * made holds.
 * threads: first second
 * verdict: no-error
 */
struct state {
	long version;
	long n;
};

static DEFINE_SPINLOCK(lock);
static struct state state;
static int changes;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(state.n != changes);
	return 0;
}

static void change(void)
{
	struct state copy;

	spin_lock(&lock);
	copy = state;
	spin_unlock(&lock);

	copy.n++;

	spin_lock(&lock);
	if (state.version == copy.version) {
		copy.version++;
		state = copy;
		changes++;
	}
	spin_unlock(&lock);
}

long first(void)
{
	change();
	return 0;
}

long second(void)
{
	change();
	return 0;
}
