/*
 * Two bit-fields share a word, and both are written under one lock.
 * threads: first second
 * verdict: no-error
 */
static DEFINE_SPINLOCK(lock);
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
	spin_lock(&lock);
	state.b = 1;
	spin_unlock(&lock);
	return 0;
}
