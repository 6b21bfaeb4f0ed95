/*
 * Without a bit-field of width 0 between them the two share a unit: second's write puts back the old value of a.
 * threads: first second
 * verdict: warning
 */
static struct {
	unsigned int a : 4;
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
