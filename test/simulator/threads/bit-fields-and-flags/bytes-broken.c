/*
 * Two bit-fields share a byte: second's write puts back the value of a that it read before first's write.
 * threads: first second
 * verdict: warning
 */
static struct {
	unsigned char a : 4;
	unsigned char b : 4;
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
