/*
 * Two bit-fields share a word, and each is written under a lock of its own, which doesn't protect the other.
 * threads: first second
 * verdict: warning
 */
static DEFINE_SPINLOCK(lock);
static DEFINE_SPINLOCK(other_lock);
static struct {
	unsigned int a : 1;
	unsigned int b : 1;
} state;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(!state.a || !state.b);
	return 0;
}

long first(void)
{
	spin_lock(&lock);
	state.a = 1;
	spin_unlock(&lock);
	return 0;
}

long second(void)
{
	spin_lock(&other_lock);
	state.b = 1;
	spin_unlock(&other_lock);
	return 0;
}
