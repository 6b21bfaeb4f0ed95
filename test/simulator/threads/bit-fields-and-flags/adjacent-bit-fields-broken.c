/*
 * Two bit-fields share a word. First reads it, second writes its bit, and first writes the word back without that.
 * threads: first second
 * verdict: warning
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
	state.a = 1;
	return 0;
}

long second(void)
{
	state.b = 1;
	return 0;
}
