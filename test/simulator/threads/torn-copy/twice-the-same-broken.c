/*
 * The reader leaves the lock between its two copies. The writer's assignment comes between them.
 * threads: writer reader
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
	spin_unlock(&lock);
	spin_lock(&lock);
	after = state;
	spin_unlock(&lock);
	WARN_ON(before.generation != after.generation);
	WARN_ON(before.n != after.n);
	return 0;
}
