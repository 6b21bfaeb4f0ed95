/*
 * A bit-field of width 0 makes the next one begin in a unit of its own, so writing the one doesn't touch the other.
 * threads: first second
 * verdict: no-error
 */
static struct {
	unsigned int a : 4;
	unsigned int : 0;
	unsigned int b : 4;
} state;

long setup(void)
{
	return 0;
}

long teardown(void)
{
	WARN_ON(state.a != 3 || state.b != 5);
	return 0;
}

long first(void)
{
	state.a = 3;
	return 0;
}

long second(void)
{
	state.b = 5;
	return 0;
}
