/*
 * Two bytes beside each other are written by one thread each: neither write touches the other byte.
 * threads: first second
 * verdict: no-error
 */
static struct {
	unsigned char a;
	unsigned char b;
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
